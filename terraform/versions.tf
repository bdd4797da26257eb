terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50.0, < 8.0.0"
    }
  }

  # Filled in by -backend-config=environments/NAME.gcs.tfbackend: see README.md.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  # Some APIs (budgets, identity) count their quota against this project, not against the caller's.
  billing_project       = var.project_id
  user_project_override = true

  default_labels = {
    app         = "nightvault"
    environment = var.environment
  }
}
