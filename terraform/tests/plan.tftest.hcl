# Run by `npm run terraform:check` with no network; `terraform test` with the real provider needs no account either.
# Before it: npm run bundle.

mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}

variables {
  project_id  = "offline-project"
  environment = "test"
  operators   = "group:operators@example.com"
  settings = {
    mail_from = "Nightvault <nightvault@example.com>"
  }
  alerts = {
    emails = { "on call" = "on-call@example.com" }
  }
}

run "every_function_of_the_registry" {
  command = plan

  assert {
    condition     = keys(google_cloudfunctions2_function.this) == keys(jsondecode(file("${path.root}/../functions/manifest.json")).functions)
    error_message = "each function of the registry is one Cloud Function"
  }
  assert {
    condition     = output.base_url == "https://us-central1-offline-project.cloudfunctions.net"
    error_message = "without edge, functions have Google's own addresses"
  }
  assert {
    condition     = output.function_urls["login-start"] == "https://us-central1-offline-project.cloudfunctions.net/login-start"
    error_message = "a function's URL is the base URL and its name"
  }
  assert {
    condition     = alltrue([for grant in values(google_pubsub_topic_iam_member.dead_letters) : grant.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"])
    error_message = "Pub/Sub's own account publishes dead letters"
  }
  assert {
    condition     = google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    error_message = "the database is protected unless the variables say otherwise"
  }
}

run "single" {
  command = plan

  variables {
    deployment = "single"
  }
  assert {
    condition     = [for name, function in local.functions : name if function.public] == ["nightvault"]
    error_message = "one Cloud Function stands for all that clients call"
  }
  assert {
    condition     = output.function_urls["login-start"] == "https://us-central1-offline-project.cloudfunctions.net/nightvault/login-start"
    error_message = "the functions stand behind the single one's name"
  }
  assert {
    condition     = google_monitoring_uptime_check_config.api[0].http_check[0].path == "/nightvault/configuration"
    error_message = "the uptime check asks one of them"
  }
}

run "edge" {
  command = plan

  variables {
    deployment = "single"
    edge       = { domain = "vault.example.com" }
  }
  assert {
    condition     = output.base_url == "https://vault.example.com"
    error_message = "clients use the domain"
  }
  assert {
    condition     = google_cloudfunctions2_function.this["nightvault"].service_config[0].ingress_settings == "ALLOW_INTERNAL_AND_GCLB"
    error_message = "nobody goes round the load balancer"
  }
  assert {
    condition     = google_monitoring_uptime_check_config.api[0].http_check[0].path == "/configuration"
    error_message = "the uptime check goes through the domain"
  }
}

run "refuses_an_unknown_deployment" {
  command = plan

  variables {
    deployment = "double"
  }
  expect_failures = [var.deployment]
}

run "refuses_people_as_operators" {
  command = plan

  variables {
    deployment = "single"
    operators  = "user:jane@example.com"
  }
  expect_failures = [var.operators]
}

run "refuses_warm_instances_of_what_is_not_deployed" {
  command = plan

  variables {
    deployment    = "single"
    min_instances = { "login-start" = 1 }
  }
  expect_failures = [var.min_instances]
}

run "refuses_the_default_database" {
  command = plan

  variables {
    deployment = "single"
    firestore  = { database = "(default)" }
  }
  expect_failures = [var.firestore]
}

run "refuses_a_key_in_another_place_than_the_database" {
  command = plan

  variables {
    deployment = "single"
    cmek       = true
    firestore  = { location = "nam5" }
  }
  expect_failures = [google_kms_key_ring.this]
}
