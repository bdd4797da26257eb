output "base_url" {
  description = "What stands before a function's name. Clients need this and nothing else."
  value       = local.base_url

  # Not before everybody may call.
  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}

output "client_settings" {
  description = "What to set in a client."
  value = {
    NIGHTVAULT_URL = local.base_url
  }
}

output "database" {
  description = "The database's id, for gcloud."
  value       = google_firestore_database.this.name
}

output "edge_address" {
  description = "The address that the domain's A record must name; null without edge."
  value       = one(values(google_compute_global_address.edge)[*].address)
}

output "function_urls" {
  description = "Every function that can be called, by name, with the URL that clients and operators use."
  value = merge(
    { for name, function in local.manifest.functions : name => "${local.base_url}/${name}" if function.public },
    { for name, _ in local.operating : name => "${local.functions_url}/${name}" },
  )
}

output "log_view" {
  description = "Where the operators' group reads the functions' logs."
  value       = google_logging_log_view.operators.id
}

output "secrets" {
  description = "The secrets that need a version before anybody can sign up."
  value       = sort(keys(google_secret_manager_secret.this))
}

output "service_accounts" {
  description = "The account that each function runs as."
  value       = { for name, account in google_service_account.function : name => account.email }
}
