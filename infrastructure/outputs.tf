output "endpoints" {
  description = "The value of ENDPOINTS, on one line: tofu.sh <environment> output -raw endpoints"
  value = jsonencode([
    for key, deployment in local.deployments : {
      name           = "${upper(split("-", key)[0])} ${deployment.pricing}"
      url            = verda_container.comfyui[key].endpoint_base_url
      gpu            = deployment.gpu.compute
      pricing        = deployment.pricing
      capacity       = deployment.most
      apiKeyVariable = var.key_variable
    }
  ])
}

output "share_volume_id" {
  description = "The shared volume; the console shows how it is mounted."
  value       = local.share_volume_id
}
