variable "alerts" {
  description = "Where alerts go, by name, and from when. Latency is the 95th percentile, failures are counted over five minutes."
  type = object({
    emails                = map(string)
    server_errors         = optional(number, 5)
    latency_ms            = optional(number, 3000)
    login_failures        = optional(number, 100)
    unacked_after_seconds = optional(number, 600)
  })
  nullable = false
}

variable "analytics_days" {
  description = "Days that usage events stay in BigQuery."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.analytics_days >= 1
    error_message = "analytics_days must be 1 or more: partitions are deleted after that many days."
  }
}

variable "budget" {
  description = "Monthly budget in whole units of the billing account's currency, with notices at 50, 90 and 100 per cent. Null for none."
  type = object({
    billing_account = string
    amount          = number
  })
  default = null
}

variable "bundles" {
  description = "Folder of the zips that `npm run bundle` makes, one per function. Null for dist/bundles of this repository."
  type        = string
  default     = null
}

variable "cmek" {
  description = "Encrypt everything at rest under a key of your own in Cloud KMS. Decide before the first apply: a database cannot change its key."
  type        = bool
  default     = false
  nullable    = false
}

variable "deployment" {
  description = "`per-function`: one Cloud Function for each function. `single`: those that clients call are one Cloud Function, with fewer cold starts; for small installations."
  type        = string
  default     = "per-function"
  nullable    = false

  validation {
    condition     = contains(["per-function", "single"], var.deployment)
    error_message = "deployment must be \"per-function\" or \"single\"."
  }
}

variable "edge" {
  description = "A load balancer with a certificate and Cloud Armor in front, at this domain; functions then answer it only. Null for Google's own addresses. It costs money when idle."
  type = object({
    domain              = string
    requests_per_minute = optional(number, 600)
  })
  default = null
}

variable "environment" {
  description = "Name of this installation, as a label. One project holds one installation."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.environment))
    error_message = "environment must be lower-case letters, digits and hyphens, such as \"prod\"."
  }
}

variable "firestore" {
  description = "The database. Its location is for ever: a region, or \"nam5\" for the dearer US multi-region. Retention is in days."
  type = object({
    database           = optional(string, "nightvault")
    location           = optional(string, "us-central1")
    delete_protection  = optional(bool, true)
    daily_backup_days  = optional(number, 7)
    weekly_backup_days = optional(number, 98)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.firestore.database != "(default)"
    error_message = "firestore.database must be a name of its own: (default) may exist already, and then is not ours to create."
  }
  validation {
    condition     = var.firestore.daily_backup_days >= 1 && max(var.firestore.daily_backup_days, var.firestore.weekly_backup_days) <= 98
    error_message = "Firestore keeps backups for 1 to 98 days."
  }
}

variable "log_days" {
  description = "Days that the functions' logs are kept."
  type        = number
  default     = 30
  nullable    = false
}

variable "min_instances" {
  description = "Instances that are kept warm, by function. They cost money when idle; all others scale to zero."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, _ in var.min_instances : contains(keys(local.functions), name)])
    error_message = "min_instances names a function that is not deployed: ${join(", ", setsubtract(keys(var.min_instances), keys(local.functions)))}."
  }
}

variable "operators" {
  description = "The group of engineers who may read the logs and call the operators' functions, as \"group:ops@example.com\"."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.operators, "group:")
    error_message = "operators must be a group, such as \"group:ops@example.com\": people come and go, the group stays."
  }
}

variable "project_id" {
  description = "An existing project with billing, for nothing else."
  type        = string
  nullable    = false
}

variable "public" {
  description = "Whether anybody may call the functions that clients call. False where an organisation policy forbids it, or before the first users: then only the operators may."
  type        = bool
  default     = true
  nullable    = false
}

variable "region" {
  description = "Where everything runs and is kept."
  type        = string
  default     = "us-central1"
  nullable    = false
}

variable "settings" {
  description = "What docs/settings.md explains."
  type = object({
    mail_from           = string
    cors_origins        = optional(list(string), [])
    rate_limits         = optional(string, "enforce")
    retention_days      = optional(number, 30)
    group_quota_bytes   = optional(number, 1073741824)
    account_quota_bytes = optional(number, 5368709120)
    analytics_default   = optional(string, "off")
  })
  nullable = false

  validation {
    condition     = contains(["on", "off"], var.settings.analytics_default)
    error_message = "settings.analytics_default must be \"on\" or \"off\": whether usage events of accounts that have not chosen are collected."
  }
}
