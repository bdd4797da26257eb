# Secrets, empty. Their payloads never come near Terraform's state: first-apply.sh makes the first versions, and README.md
# says how each is rotated.

resource "google_secret_manager_secret" "this" {
  for_each = toset(local.manifest.secrets)

  secret_id = each.key

  replication {
    user_managed {
      replicas {
        location = var.region
        dynamic "customer_managed_encryption" {
          for_each = local.kms_keys
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }

  # A destroyed version can be had back for 30 days: without verifier-key nobody can log in any more.
  version_destroy_ttl = "2592000s"

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}
