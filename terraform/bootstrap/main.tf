# Once for a project, before anything else, by somebody who owns it: where Terraform keeps its state, and the account that
# it works as. Its own state stays on disk and may be thrown away: everything here can be imported again.

terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50.0, < 8.0.0"
    }
  }
}

provider "google" {
  project               = var.project_id
  region                = var.region
  billing_project       = var.project_id
  user_project_override = true
}

variable "deployers" {
  description = "Who may act as the deployer account, besides CI: such as \"group:platform@example.com\"."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "github_repository" {
  description = "The repository, as owner/name, whose workflows on its main branch may act as the deployer account. Null for none."
  type        = string
  default     = null
}

variable "project_id" {
  description = "An existing project with billing."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Where the state bucket lies."
  type        = string
  default     = "us-central1"
  nullable    = false
}

locals {
  services = toset([
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
    "sts.googleapis.com",
  ])

  # What apply needs, each role for the resources named. No owner, no editor.
  deployer_roles = {
    "roles/artifactregistry.admin"          = "the repository of images, and who may write to it"
    "roles/bigquery.admin"                  = "the analytics dataset, table and who may write to it"
    "roles/cloudfunctions.developer"        = "functions"
    "roles/cloudkms.admin"                  = "the key, with cmek"
    "roles/cloudscheduler.admin"            = "schedules"
    "roles/compute.loadBalancerAdmin"       = "the load balancer, with edge"
    "roles/compute.securityAdmin"           = "Cloud Armor, certificates and TLS policy, with edge"
    "roles/datastore.owner"                 = "database, indexes, fields, backup schedules"
    "roles/iam.serviceAccountAdmin"         = "the functions' accounts"
    "roles/iam.serviceAccountUser"          = "deploying functions that run as those accounts"
    "roles/logging.configWriter"            = "log bucket, sink, view"
    "roles/monitoring.editor"               = "alerts, dashboard, uptime check"
    "roles/pubsub.admin"                    = "topics, subscriptions, and who may publish"
    "roles/resourcemanager.projectIamAdmin" = "the conditional grants to the database, and audit logs"
    "roles/run.admin"                       = "who may call a function"
    "roles/secretmanager.admin"             = "secrets, and who may read them"
    "roles/serviceusage.serviceUsageAdmin"  = "enabling APIs"
    "roles/storage.admin"                   = "the source bucket"
  }
}

data "google_project" "this" {
  project_id = var.project_id
}

resource "google_project_service" "this" {
  for_each = local.services

  service            = each.key
  disable_on_destroy = false
}

resource "google_storage_bucket" "state" {
  name                        = "${var.project_id}-terraform-state"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # Every state there was, for the day one is broken.
  versioning {
    enabled = true
  }
  lifecycle_rule {
    condition {
      num_newer_versions = 50
    }
    action {
      type = "Delete"
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_service_account" "deployer" {
  account_id   = "deployer"
  display_name = "Terraform works as this account"

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "deployer" {
  for_each = local.deployer_roles

  project = var.project_id
  role    = each.key
  member  = google_service_account.deployer.member
}

resource "google_storage_bucket_iam_member" "deployer" {
  bucket = google_storage_bucket.state.name
  role   = "roles/storage.objectAdmin"
  member = google_service_account.deployer.member
}

resource "google_service_account_iam_member" "deployers" {
  for_each = toset(var.deployers)

  service_account_id = google_service_account.deployer.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = each.key
}

# CI proves who it is by its own platform's token, so that no key of an account is ever made.
resource "google_iam_workload_identity_pool" "ci" {
  count = var.github_repository != null ? 1 : 0

  workload_identity_pool_id = "ci"
  display_name              = "CI"

  depends_on = [google_project_service.this]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  count = var.github_repository != null ? 1 : 0

  workload_identity_pool_id          = google_iam_workload_identity_pool.ci[0].workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_condition                = "assertion.repository == \"${var.github_repository}\" && assertion.ref == \"refs/heads/main\""
  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
  }
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account_iam_member" "ci" {
  count = var.github_repository != null ? 1 : 0

  service_account_id = google_service_account.deployer.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.ci[0].name}/attribute.repository/${var.github_repository}"
}

output "backend" {
  description = "What goes into environments/NAME.gcs.tfbackend."
  value       = "bucket = \"${google_storage_bucket.state.name}\"\nprefix = \"nightvault\""
}

output "deployer" {
  description = "For GOOGLE_IMPERSONATE_SERVICE_ACCOUNT."
  value       = google_service_account.deployer.email
}

output "workload_identity_provider" {
  description = "For CI's login step; null without github_repository."
  value       = one(google_iam_workload_identity_pool_provider.github[*].name)
}
