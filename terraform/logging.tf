# The functions' logs have a bucket of their own, which only the operators' group can read, and no second place.
# "Server logs … only accessed by engineers authorized".

locals {
  function_logs = "resource.type = \"cloud_run_revision\""
}

resource "google_logging_project_bucket_config" "functions" {
  project        = var.project_id
  location       = var.region
  bucket_id      = "functions"
  description    = "Logs of the functions"
  retention_days = var.log_days

  dynamic "cmek_settings" {
    for_each = local.kms_keys
    content {
      kms_key_name = cmek_settings.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_logging_project_sink" "functions" {
  name                   = "functions"
  description            = "The functions' logs go to their own bucket"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.functions.id}"
  filter                 = local.function_logs
  unique_writer_identity = true
}

# They would be kept, paid for and readable in _Default as well.
resource "google_logging_project_exclusion" "functions" {
  name        = "functions"
  description = "Kept in the bucket \"functions\" only"
  filter      = local.function_logs

  depends_on = [google_logging_project_sink.functions]
}

resource "google_logging_log_view" "operators" {
  bucket      = google_logging_project_bucket_config.functions.id
  name        = "operators"
  description = "What the operators' group may read"
  filter      = "SOURCE(\"projects/${var.project_id}\")"
}

resource "google_logging_log_view_iam_member" "operators" {
  parent   = "projects/${var.project_id}"
  location = var.region
  bucket   = google_logging_project_bucket_config.functions.bucket_id
  name     = google_logging_log_view.operators.name
  role     = "roles/logging.viewAccessor"
  member   = var.operators
}

# Who read which secret, and when.
resource "google_project_iam_audit_config" "secrets" {
  project = var.project_id
  service = "secretmanager.googleapis.com"

  audit_log_config {
    log_type = "DATA_READ"
  }
  audit_log_config {
    log_type = "DATA_WRITE"
  }

  depends_on = [google_project_service.this]
}
