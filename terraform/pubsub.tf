# Topics, a push subscription for each function that takes one, and where messages go that it does not take. The
# subscriptions are our own, not Eventarc's: those can have neither a dead-letter topic nor a retry policy from here.

locals {
  topics      = toset(local.manifest.topics)
  dead_topics = toset(concat([for function in values(local.receivers) : function.topic], [local.analytics_topic]))

  # Names as the local stack gives them.
  subscriptions = merge(
    { for name, function in local.receivers : "${name}-push" => google_pubsub_subscription.push[name].id },
    { "analytics-bigquery" = google_pubsub_subscription.analytics.id },
  )
}

resource "google_pubsub_topic" "this" {
  for_each = local.topics

  name         = each.key
  kms_key_name = local.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_pubsub_topic" "dead" {
  for_each = local.dead_topics

  name         = "${each.key}-dead"
  kms_key_name = local.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

# Pub/Sub calls functions as this account. A token says for which function it is.
resource "google_service_account" "pubsub_push" {
  account_id   = "pubsub-push"
  display_name = "Pub/Sub calls functions as this account"

  depends_on = [google_project_service.this]
}

resource "google_pubsub_subscription" "push" {
  for_each = local.receivers

  name  = "${each.key}-push"
  topic = google_pubsub_topic.this[each.value.topic].id

  # As long as the function may run: a shorter one would deliver again what is still being worked on.
  ack_deadline_seconds       = min(600, max(10, each.value.timeoutSeconds))
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead[each.value.topic].id
    max_delivery_attempts = each.value.maxDeliveryAttempts
  }
  push_config {
    push_endpoint = google_cloudfunctions2_function.this[each.key].service_config[0].uri
    oidc_token {
      service_account_email = google_service_account.pubsub_push.email
      audience              = google_cloudfunctions2_function.this[each.key].service_config[0].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}

# A dead-letter topic without a subscription would lose what it gets.
resource "google_pubsub_subscription" "dead" {
  for_each = local.dead_topics

  name                       = "${each.key}-dead-pull"
  topic                      = google_pubsub_topic.dead[each.key].id
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
}

# Dead-lettering is done by Pub/Sub's own account. It must publish there, and take the message from the subscription
# here: without the second right it copies a message again and again and never lets go of it.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  for_each = local.dead_topics

  topic  = google_pubsub_topic.dead[each.key].id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each = local.subscriptions

  subscription = each.value
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
