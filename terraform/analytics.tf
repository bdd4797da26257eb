# Usage events, from their topic straight into BigQuery, and out of it again for whoever asks to be forgotten.

locals {
  analytics_topic  = "analytics-events"
  analytics_fields = jsondecode(file("${path.root}/../functions/analytics/bigquery-table.json"))

  # What Pub/Sub writes beside the event's own fields.
  analytics_metadata = [
    { name = "subscription_name", type = "STRING", mode = "NULLABLE", description = "The subscription it came by" },
    { name = "message_id", type = "STRING", mode = "NULLABLE", description = "Pub/Sub's id: a message delivered twice has it twice" },
    { name = "publish_time", type = "TIMESTAMP", mode = "NULLABLE", description = "When it was published; rows are kept by it" },
    { name = "attributes", type = "JSON", mode = "NULLABLE", description = "The message's attributes" },
  ]
}

resource "google_bigquery_dataset" "analytics" {
  dataset_id  = "analytics"
  location    = var.region
  description = "Usage events of those who agreed"

  dynamic "default_encryption_configuration" {
    for_each = local.kms_keys
    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_bigquery_table" "analytics" {
  dataset_id          = google_bigquery_dataset.analytics.dataset_id
  table_id            = "events"
  description         = "One row a delivered event, kept for ${var.analytics_days} days"
  deletion_protection = true
  schema = jsonencode(concat(
    local.analytics_fields,
    [for column in local.analytics_metadata : column if !contains(local.analytics_fields[*].name, column.name)],
  ))

  time_partitioning {
    type          = "DAY"
    field         = "publish_time"
    expiration_ms = var.analytics_days * 86400000
  }

  lifecycle {
    precondition {
      condition     = alltrue([for field in local.analytics_fields : can(field.name) && can(field.type)])
      error_message = "functions/analytics/bigquery-table.json must be a BigQuery schema: a list of fields, each with name and type."
    }
  }
}

# Pub/Sub writes as this account, which may write to this table only.
resource "google_service_account" "analytics_writer" {
  account_id   = "analytics-writer"
  display_name = "Pub/Sub writes events to BigQuery as this account"

  depends_on = [google_project_service.this]
}

resource "google_bigquery_table_iam_member" "analytics_writer" {
  dataset_id = google_bigquery_dataset.analytics.dataset_id
  table_id   = google_bigquery_table.analytics.table_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.analytics_writer.member
}

resource "google_pubsub_subscription" "analytics" {
  name                       = "analytics-bigquery"
  topic                      = google_pubsub_topic.this[local.analytics_topic].id
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  # An event that does not fit the table.
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead[local.analytics_topic].id
    max_delivery_attempts = 10
  }
  bigquery_config {
    table                 = "${var.project_id}.${google_bigquery_dataset.analytics.dataset_id}.${google_bigquery_table.analytics.table_id}"
    service_account_email = google_service_account.analytics_writer.email
    use_table_schema      = true
    drop_unknown_fields   = true
    write_metadata        = true
  }

  depends_on = [google_bigquery_table_iam_member.analytics_writer]
}

# BigQuery knows nothing of erasures by itself: they come as rows, and are carried out once a day.
resource "google_service_account" "analytics_eraser" {
  account_id   = "analytics-eraser"
  display_name = "Deletes usage events that are to be forgotten, as a scheduled query"

  depends_on = [google_project_service.this]
}

resource "google_bigquery_table_iam_member" "analytics_eraser" {
  dataset_id = google_bigquery_dataset.analytics.dataset_id
  table_id   = google_bigquery_table.analytics.table_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.analytics_eraser.member
}

# Queries belong to a project: there is no finer place for the right to run one. It gives no right to data.
resource "google_project_iam_member" "analytics_eraser_runs" {
  project = var.project_id
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.analytics_eraser.member
}

resource "google_bigquery_data_transfer_config" "analytics_erasure" {
  display_name         = "Forget usage events"
  location             = var.region
  data_source_id       = "scheduled_query"
  schedule             = "every day 03:15"
  service_account_name = google_service_account.analytics_eraser.email
  params = {
    query = templatefile("${path.module}/analytics-erasure.sql", {
      table = "${var.project_id}.${google_bigquery_dataset.analytics.dataset_id}.${google_bigquery_table.analytics.table_id}"
    })
  }

  depends_on = [google_bigquery_table_iam_member.analytics_eraser, google_project_iam_member.analytics_eraser_runs]
}
