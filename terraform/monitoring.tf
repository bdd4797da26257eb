# Alerts. Each carries its runbook: runbooks/NAME.md is in the notice itself, for whoever is woken by it. Metrics are
# Google's own; an alert on a metric of ours, made in the same apply, would find no metric yet.

locals {
  runs       = "resource.type = \"cloud_run_revision\""
  slow       = join("|", concat([for name, function in local.functions : name if function.timeoutSeconds > 60], ["none"]))
  login      = var.deployment == "single" ? local.single : "login-finish"
  is_service = "resource.labels.service_name"

  metric_alerts = {
    server-errors = {
      title    = "Functions answer with 5xx"
      filter   = "${local.runs} AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"5xx\""
      period   = "300s"
      aligner  = "ALIGN_DELTA"
      group_by = local.is_service
      above    = var.alerts.server_errors
      duration = "0s"
    }
    latency = {
      title    = "Functions answer slowly"
      filter   = "${local.runs} AND metric.type = \"run.googleapis.com/request_latencies\" AND resource.labels.service_name != monitoring.regex.full_match(\"${local.slow}\")"
      period   = "300s"
      aligner  = "ALIGN_PERCENTILE_95"
      group_by = local.is_service
      above    = var.alerts.latency_ms
      duration = "600s"
    }
    login-failures = {
      title    = "Many logins fail"
      filter   = "${local.runs} AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code = \"401\" AND resource.labels.service_name = \"${local.login}\""
      period   = "300s"
      aligner  = "ALIGN_DELTA"
      group_by = local.is_service
      above    = var.alerts.login_failures
      duration = "0s"
    }
    dead-letters = {
      title    = "Messages were given up"
      filter   = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.labels.subscription_id = monitoring.regex.full_match(\".*-dead-pull\")"
      period   = "60s"
      aligner  = "ALIGN_MAX"
      group_by = "resource.labels.subscription_id"
      above    = 0
      duration = "0s"
    }
    oldest-unacked = {
      title    = "Messages wait too long"
      filter   = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.labels.subscription_id != monitoring.regex.full_match(\".*-dead-pull\")"
      period   = "60s"
      aligner  = "ALIGN_MAX"
      group_by = "resource.labels.subscription_id"
      above    = var.alerts.unacked_after_seconds
      duration = "300s"
    }
  }

  # One notice for each matching line, at most one an hour.
  log_alerts = {
    secret-access = {
      title  = "A person read or changed a secret"
      filter = "protoPayload.serviceName = \"secretmanager.googleapis.com\" AND protoPayload.methodName =~ \"(AccessSecretVersion|AddSecretVersion|DisableSecretVersion|DestroySecretVersion|SetIamPolicy)$\" AND NOT protoPayload.authenticationInfo.principalEmail =~ \"gserviceaccount.com$\""
    }
    mail-given-up = {
      title  = "A mail has been given up"
      filter = "${local.runs} AND jsonPayload.message = \"a mail has been given up\""
    }
    schedule-failed = {
      title  = "A scheduled function or query failed"
      filter = "(resource.type = \"cloud_scheduler_job\" OR resource.type = \"bigquery_dts_config\") AND severity >= ERROR"
    }
    backup-removed = {
      title  = "Backups were deleted or switched off"
      filter = "protoPayload.serviceName = \"firestore.googleapis.com\" AND protoPayload.methodName =~ \"(DeleteBackup|DeleteBackupSchedule|UpdateBackupSchedule|UpdateDatabase|DeleteDatabase)$\""
    }
  }

  channels = [for channel in values(google_monitoring_notification_channel.email) : channel.id]

  # What a notice says: where the runbook lies, and the runbook.
  runbooks = {
    for name in concat(keys(local.metric_alerts), keys(local.log_alerts), ["backup-missing", "not-reachable"]) :
    name => "Runbook: terraform/runbooks/${name}.md\n\n${file("${path.module}/runbooks/${name}.md")}"
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alerts.emails

  display_name = each.key
  type         = "email"
  labels = {
    email_address = each.value
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "metric" {
  for_each = local.metric_alerts

  display_name          = each.value.title
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = each.value.title
    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = each.value.duration
      aggregations {
        alignment_period     = each.value.period
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.aligner == "ALIGN_DELTA" ? "REDUCE_SUM" : "REDUCE_MAX"
        group_by_fields      = [each.value.group_by]
      }
    }
  }
  documentation {
    subject = each.value.title
    content = local.runbooks[each.key]
  }
}

resource "google_monitoring_alert_policy" "log" {
  for_each = local.log_alerts

  display_name          = each.value.title
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = each.value.title
    condition_matched_log {
      filter = each.value.filter
    }
  }
  alert_strategy {
    notification_rate_limit {
      period = "3600s"
    }
    auto_close = "86400s"
  }
  documentation {
    subject = each.value.title
    content = local.runbooks[each.key]
  }

  depends_on = [google_project_service.this]
}

# In PromQL, because there a series that never was is as absent as one that ended.
resource "google_monitoring_alert_policy" "backup_missing" {
  display_name          = "There is no backup"
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = "No backup of the database for a day"
    condition_prometheus_query_language {
      query               = "absent_over_time(firestore_googleapis_com:storage_backups_storage_bytes{monitored_resource=\"firestore.googleapis.com/Database\",database_id=\"${google_firestore_database.this.name}\"}[26h])"
      duration            = "3600s"
      evaluation_interval = "300s"
    }
  }
  documentation {
    subject = "There is no backup"
    content = local.runbooks["backup-missing"]
  }

  depends_on = [google_project_service.this]
}

locals {
  # "configuration" rather than "healthz": Google's front end keeps some paths that end in z for itself.
  probe = regex("^https://(?P<host>[^/]+)(?P<path>/.*)?$", local.base_url)
}

resource "google_monitoring_uptime_check_config" "api" {
  count = var.public ? 1 : 0

  display_name = "Functions answer"
  period       = "300s"
  timeout      = "10s"

  http_check {
    path         = "${coalesce(local.probe.path, "/")}${local.probe.path == null ? "" : "/"}configuration"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }
  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project_id
      host       = local.probe.host
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "not_reachable" {
  count = var.public ? 1 : 0

  display_name          = "The functions cannot be reached"
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = "Checks from two places fail"
    condition_threshold {
      filter          = "resource.type = \"uptime_url\" AND metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id = \"${google_monitoring_uptime_check_config.api[0].uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "300s"
      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }
  documentation {
    subject = "The functions cannot be reached"
    content = local.runbooks["not-reachable"]
  }
}
