# Cloud Scheduler calls the maintenance functions. Each does a bounded amount and can be cut off and called again.

resource "google_service_account" "scheduler" {
  account_id   = "scheduler"
  display_name = "Cloud Scheduler calls functions as this account"

  depends_on = [google_project_service.this]
}

resource "google_cloud_scheduler_job" "this" {
  for_each = local.scheduled

  name        = each.key
  region      = var.region
  description = each.value.summary
  schedule    = each.value.schedule
  time_zone   = "Etc/UTC"

  # Longer than the function may run.
  attempt_deadline = "${max(30, each.value.timeoutSeconds + 20)}s"

  # The next run does what this one left: no more than one repetition.
  retry_config {
    retry_count          = 1
    min_backoff_duration = "30s"
  }
  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.this[each.key].service_config[0].uri
    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = google_cloudfunctions2_function.this[each.key].service_config[0].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
