# With cmek = true: one key of your own for everything that is kept. Google's service agents use it, and they must exist
# before (README.md, "Your own key").

locals {
  # A list of none or one, for dynamic blocks; and the key itself, or null.
  kms_keys = google_kms_crypto_key.this[*].id
  kms_key  = one(local.kms_keys)

  number = data.google_project.this.number
  key_users = var.cmek ? toset([
    "bq-${local.number}@bigquery-encryption.iam.gserviceaccount.com",
    "service-${local.number}@gcp-sa-artifactregistry.iam.gserviceaccount.com",
    "service-${local.number}@gcf-admin-robot.iam.gserviceaccount.com",
    "service-${local.number}@gcp-sa-firestore.iam.gserviceaccount.com",
    "service-${local.number}@gcp-sa-logging.iam.gserviceaccount.com",
    "service-${local.number}@gcp-sa-pubsub.iam.gserviceaccount.com",
    "service-${local.number}@gcp-sa-secretmanager.iam.gserviceaccount.com",
    "service-${local.number}@gs-project-accounts.iam.gserviceaccount.com",
    "service-${local.number}@serverless-robot-prod.iam.gserviceaccount.com",
  ]) : toset([])
}

resource "google_kms_key_ring" "this" {
  count = var.cmek ? 1 : 0

  name     = "nightvault"
  location = var.region

  lifecycle {
    precondition {
      condition     = var.firestore.location == var.region
      error_message = "With cmek, firestore.location must be ${var.region}: a database's key must lie where the database does, and this one key is for all."
    }
  }

  depends_on = [google_project_service.this]
}

# Without this key nothing can be read again, backups included.
resource "google_kms_crypto_key" "this" {
  count = var.cmek ? 1 : 0

  name            = "data"
  key_ring        = google_kms_key_ring.this[0].id
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "agents" {
  for_each = local.key_users

  crypto_key_id = google_kms_crypto_key.this[0].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.key}"
}
