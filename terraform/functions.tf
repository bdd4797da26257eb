# One Cloud Function a function, and who may call it. What it may do itself is in iam.tf.

resource "google_cloudfunctions2_function" "this" {
  for_each = local.functions

  name         = each.key
  location     = var.region
  description  = each.value.summary
  kms_key_name = local.kms_key

  build_config {
    runtime           = local.manifest.runtime
    entry_point       = each.key
    service_account   = google_service_account.build.id
    docker_repository = google_artifact_registry_repository.functions.id
    # Set and empty: nothing is compiled there. npm ci installs exactly what the bundle's lock file says.
    environment_variables = {
      GOOGLE_NODE_RUN_SCRIPTS = ""
    }
    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.bundle[each.key].name
      }
    }
    automatic_update_policy {}
  }

  service_config {
    service_account_email = google_service_account.function[each.key].email
    available_memory      = "${each.value.memoryMiB}Mi"
    # Less than one CPU would serve one request at a time.
    available_cpu                    = "1"
    timeout_seconds                  = each.value.timeoutSeconds
    max_instance_request_concurrency = each.value.concurrency
    min_instance_count               = lookup(var.min_instances, each.key, 0)
    max_instance_count               = each.value.maxInstances
    all_traffic_on_latest_revision   = true

    # Pub/Sub and Cloud Scheduler of this project count as internal; people and clients do not.
    ingress_settings = (
      contains(["topic", "schedule"], each.value.trigger) ? "ALLOW_INTERNAL_ONLY" :
      each.value.public && var.edge != null ? "ALLOW_INTERNAL_AND_GCLB" :
      "ALLOW_ALL"
    )

    # docs/settings.md
    environment_variables = {
      GOOGLE_CLOUD_PROJECT           = var.project_id
      LOG_EXECUTION_ID               = "true"
      NIGHTVAULT_ACCOUNT_QUOTA_BYTES = tostring(var.settings.account_quota_bytes)
      NIGHTVAULT_ANALYTICS_DEFAULT   = var.settings.analytics_default
      NIGHTVAULT_BASE_URL            = local.base_url
      NIGHTVAULT_CORS_ORIGINS        = join(",", var.settings.cors_origins)
      NIGHTVAULT_DATABASE            = google_firestore_database.this.name
      NIGHTVAULT_GROUP_QUOTA_BYTES   = tostring(var.settings.group_quota_bytes)
      NIGHTVAULT_MAIL_FROM           = var.settings.mail_from
      NIGHTVAULT_RATE_LIMITS         = var.settings.rate_limits
      NIGHTVAULT_RETENTION_DAYS      = tostring(var.settings.retention_days)
      NIGHTVAULT_TRUSTED_HOPS        = var.edge != null ? "2" : "1"
    }
  }

  # A function that serves before its roles are there fails its first calls.
  depends_on = [
    google_artifact_registry_repository_iam_member.build_writes,
    google_firestore_field.this,
    google_firestore_index.this,
    google_kms_crypto_key_iam_member.agents,
    google_project_iam_member.build_logs,
    google_project_iam_member.firestore,
    google_project_service.this,
    google_pubsub_topic_iam_member.publishes,
    google_secret_manager_secret_iam_member.reads,
    google_storage_bucket_iam_member.build_reads,
  ]
}

# The invoker's role is Cloud Run's: cloudfunctions.invoker does not open a 2nd-generation function's URL.
locals {
  invokers = merge(
    { for name, _ in local.public : name => var.public ? "allUsers" : var.operators },
    { for name, _ in local.operating : name => var.operators },
    { for name, _ in local.receivers : name => google_service_account.pubsub_push.member },
    { for name, _ in local.scheduled : name => google_service_account.scheduler.member },
  )
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = local.invokers

  location = var.region
  name     = google_cloudfunctions2_function.this[each.key].name
  role     = "roles/run.invoker"
  member   = each.value

  # A function that is replaced loses its bindings.
  lifecycle {
    replace_triggered_by = [google_cloudfunctions2_function.this[each.key].id]
  }
}
