# Where the functions' code lies, and who builds it. A bundle is an object named by its hash: other bytes are another
# object, and only that makes a function be deployed again.

resource "google_storage_bucket" "source" {
  name                        = "${var.project_id}-function-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # Terraform deletes the object that a new one replaces. Its bytes stay here, for a rollback without a rebuild.
  versioning {
    enabled = true
  }
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 90
    }
    action {
      type = "Delete"
    }
  }

  dynamic "encryption" {
    for_each = local.kms_keys
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_storage_bucket_object" "bundle" {
  for_each = local.functions

  bucket = google_storage_bucket.source.name
  name   = "${each.key}/${filesha256("${local.bundles}/${each.key}.zip")}.zip"
  source = "${local.bundles}/${each.key}.zip"

  lifecycle {
    precondition {
      condition     = fileexists("${local.bundles}/${each.key}.zip")
      error_message = "There is no ${local.bundles}/${each.key}.zip: run npm ci && npm run bundle."
    }
  }
}

resource "google_artifact_registry_repository" "functions" {
  location      = var.region
  repository_id = "functions"
  description   = "Images that Cloud Build makes of the bundles"
  format        = "DOCKER"
  kms_key_name  = local.kms_key

  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 5
    }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_service_account" "build" {
  account_id   = "function-builder"
  display_name = "Builds the functions' images"

  depends_on = [google_project_service.this]
}

resource "google_storage_bucket_iam_member" "build_reads" {
  bucket = google_storage_bucket.source.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build.member
}

resource "google_artifact_registry_repository_iam_member" "build_writes" {
  location   = google_artifact_registry_repository.functions.location
  repository = google_artifact_registry_repository.functions.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

# Cloud Build knows no finer place for its logs.
resource "google_project_iam_member" "build_logs" {
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.build.member
}
