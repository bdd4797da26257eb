# What the registry of functions asks for. functions/manifest.json is generated from it (npm run generate): a function
# that is added there is deployed here, with its account, roles, topics and schedule, and no line of HCL is touched.

locals {
  manifest = jsondecode(file("${path.root}/../functions/manifest.json"))
  bundles  = coalesce(var.bundles, "${path.root}/../dist/bundles")
  single   = local.manifest.single.name

  # Public functions stand for themselves or together; all others always for themselves, since IAM guards whole functions.
  functions = {
    for name, function in merge(local.manifest.functions, { (local.single) = local.manifest.single }) : name => function
    if var.deployment == "single" ? (name == local.single || !function.public) : name != local.single
  }

  public    = { for name, function in local.functions : name => function if function.public }
  operating = { for name, function in local.functions : name => function if !function.public && function.trigger == "http" }
  receivers = { for name, function in local.functions : name => function if function.trigger == "topic" }
  scheduled = { for name, function in local.functions : name => function if function.trigger == "schedule" }

  functions_url = "https://${var.region}-${var.project_id}.cloudfunctions.net"
  base_url = (
    var.edge != null ? "https://${var.edge.domain}" :
    var.deployment == "single" ? "${local.functions_url}/${local.single}" :
    local.functions_url
  )
}
