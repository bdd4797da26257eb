# One service account a function, with what its entry in the registry asks for and nothing else. The result is the table
# in docs/iam.md, and a check compares the two.

resource "google_service_account" "function" {
  for_each = local.functions

  # At most 30 characters: a longer name is cut, and told apart by its hash.
  account_id   = length(each.key) <= 27 ? "fn-${each.key}" : "fn-${substr(each.key, 0, 18)}-${substr(sha256(each.key), 0, 8)}"
  display_name = "Function ${each.key}"

  depends_on = [google_project_service.this]
}

# A warning, for Google raises the quota to whoever asks.
check "accounts" {
  assert {
    # Five more of ours, the deployer, and Google's two default accounts.
    condition     = length(local.functions) + 8 <= 100
    error_message = "These are ${length(local.functions)} functions with an account each, and Google allows a project 100 accounts until you ask for more (IAM quota \"Service Account Count\"). Ask first, or set deployment = \"single\"."
  }
}

locals {
  store_roles = {
    reads  = "roles/datastore.viewer"
    writes = "roles/datastore.user"
  }
  publishes = merge([
    for name, function in local.functions : { for topic in function.publishes : "${name}/${topic}" => { function = name, topic = topic } }
  ]...)
  reads_secrets = merge([
    for name, function in local.functions : { for secret in function.secrets : "${name}/${secret}" => { function = name, secret = secret } }
  ]...)
}

# Firestore grants by project; the condition narrows it to the one database. Nothing finer exists for servers.
resource "google_project_iam_member" "firestore" {
  for_each = { for name, function in local.functions : name => local.store_roles[function.store] if function.store != "none" }

  project = var.project_id
  role    = each.value
  member  = google_service_account.function[each.key].member

  condition {
    title      = "only-${var.firestore.database}"
    expression = "resource.name == \"projects/${var.project_id}/databases/${var.firestore.database}\""
  }
}

resource "google_pubsub_topic_iam_member" "publishes" {
  for_each = local.publishes

  topic  = google_pubsub_topic.this[each.value.topic].id
  role   = "roles/pubsub.publisher"
  member = google_service_account.function[each.value.function].member
}

resource "google_secret_manager_secret_iam_member" "reads" {
  for_each = local.reads_secrets

  secret_id = google_secret_manager_secret.this[each.value.secret].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.value.function].member
}
