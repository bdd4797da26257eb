# Copy to NAME.tfvars, one file an installation. Nothing in it is secret.
project_id  = "example-nightvault-prod"
environment = "prod"
operators   = "group:nightvault-operators@example.com"

settings = {
  mail_from = "Nightvault <nightvault@example.com>"
}

alerts = {
  emails = {
    "on call" = "on-call@example.com"
  }
}

# budget = { billing_account = "000000-000000-000000", amount = 100 }
# edge   = { domain = "vault.example.com" }
# deployment = "single"
