# With edge = { domain = … }: one global address with a certificate, HTTP redirected to HTTPS, and Cloud Armor, in front
# of the functions that clients call. Those then refuse whoever comes another way.

locals {
  edges = var.edge != null ? { this = var.edge } : {}
}

# Chooses the function by the first segment of the path; a single function is the only choice.
resource "google_compute_region_network_endpoint_group" "functions" {
  for_each = local.edges

  name                  = "functions"
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service  = var.deployment == "single" ? google_cloudfunctions2_function.this[local.single].name : null
    url_mask = var.deployment == "single" ? null : "/<service>"
  }

  depends_on = [google_project_service.this]
}

resource "google_compute_security_policy" "edge" {
  for_each = local.edges

  name        = "edge"
  description = "So many calls a minute from one address"

  rule {
    description = "More than that get 429"
    priority    = 1000
    action      = "throttle"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = each.value.requests_per_minute
        interval_sec = 60
      }
    }
  }
  rule {
    description = "Every policy ends with a rule for all others"
    priority    = 2147483647
    action      = "allow"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_compute_backend_service" "functions" {
  for_each = local.edges

  name                  = "functions"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.edge["this"].id

  backend {
    group = google_compute_region_network_endpoint_group.functions["this"].id
  }
  log_config {
    enable = false
  }
}

resource "google_compute_url_map" "functions" {
  for_each = local.edges

  name            = "functions"
  default_service = google_compute_backend_service.functions["this"].id
}

# Cannot change its domain: another domain is another certificate, made before the old one goes.
resource "google_compute_managed_ssl_certificate" "edge" {
  for_each = local.edges

  name = "edge-${substr(sha256(each.value.domain), 0, 8)}"
  managed {
    domains = [each.value.domain]
  }
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_project_service.this]
}

resource "google_compute_ssl_policy" "edge" {
  for_each = local.edges

  name            = "edge"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.this]
}

resource "google_compute_target_https_proxy" "edge" {
  for_each = local.edges

  name             = "edge"
  url_map          = google_compute_url_map.functions["this"].id
  ssl_certificates = [google_compute_managed_ssl_certificate.edge["this"].id]
  ssl_policy       = google_compute_ssl_policy.edge["this"].id
}

resource "google_compute_global_address" "edge" {
  for_each = local.edges

  name = "edge"

  depends_on = [google_project_service.this]
}

resource "google_compute_global_forwarding_rule" "https" {
  for_each = local.edges

  name                  = "edge-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge["this"].id
  port_range            = "443"
  target                = google_compute_target_https_proxy.edge["this"].id
}

resource "google_compute_url_map" "to_https" {
  for_each = local.edges

  name = "to-https"
  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "PERMANENT_REDIRECT"
    strip_query            = false
  }

  depends_on = [google_project_service.this]
}

resource "google_compute_target_http_proxy" "to_https" {
  for_each = local.edges

  name    = "to-https"
  url_map = google_compute_url_map.to_https["this"].id
}

resource "google_compute_global_forwarding_rule" "http" {
  for_each = local.edges

  name                  = "edge-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge["this"].id
  port_range            = "80"
  target                = google_compute_target_http_proxy.to_https["this"].id
}
