# A notice before the bill, not a limit: nothing is switched off.

resource "google_billing_budget" "this" {
  count = var.budget != null ? 1 : 0

  billing_account = var.budget.billing_account
  display_name    = "Nightvault ${var.environment}"

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }
  amount {
    specified_amount {
      units = tostring(var.budget.amount)
    }
  }
  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]
    content {
      threshold_percent = threshold_rules.value
    }
  }
  all_updates_rule {
    monitoring_notification_channels = local.channels
    disable_default_iam_recipients   = false
  }

  depends_on = [google_project_service.this]
}
