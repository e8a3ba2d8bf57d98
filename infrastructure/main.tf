module "guard" {
  source             = "./guard"
  environment        = var.environment
  workspace          = terraform.workspace
  confirm_production = var.confirm_production
}

locals {
  prefix = "comfyume-${var.environment}"

  # The four of them: each kind of GPU, spot and on-demand.
  deployments = merge([
    for name, gpu in var.gpus : {
      for pricing in ["spot", "on-demand"] : "${name}-${pricing}" => {
        gpu     = gpu
        pricing = pricing
        most    = pricing == "spot" ? var.most_replicas.spot : var.most_replicas.on_demand
      }
    }
  ]...)

  # Plain ComfyUI: what makes it part of the class is where it reads and writes.
  command = [
    "python", "main.py",
    "--listen", "0.0.0.0",
    "--port", "8188",
    "--output-directory", "${var.share_path}/outputs",
    "--input-directory", "${var.share_path}/inputs",
    "--extra-model-paths-config", "${var.share_path}/models/extra_model_paths.yaml",
    "--verbose",
  ]

  share_volume_id = var.share_volume_id != null ? var.share_volume_id : verda_volume.share[0].id
}

# The provider's own list of types says NVMe only; the platform's name for a shared one is NVMe_Shared. Should the provider
# refuse it, make the volume in the console and give its id as share_volume_id.
resource "verda_volume" "share" {
  count = var.share_volume_id == null ? 1 : 0

  name = "${local.prefix}-share"
  type = "NVMe_Shared"
  size = var.share_gb
  # Always said: the platform demands it, and the provider may send an empty one. Never rename this volume: its path changes.
  location = var.location

  lifecycle {
    prevent_destroy = true
  }
}

resource "verda_container" "comfyui" {
  for_each = local.deployments

  name    = "${local.prefix}-${each.key}"
  is_spot = each.value.pricing == "spot"

  compute = {
    name = each.value.gpu.compute
    size = each.value.gpu.size
  }

  container_registry_settings = {
    is_private  = var.registry_credentials == null ? "false" : "true"
    credentials = var.registry_credentials
  }

  scaling = {
    # comfyume raises it while a class works (Verda adapter), and puts it back.
    min_replica_count               = 0
    max_replica_count               = each.value.most
    concurrent_requests_per_replica = 1
    queue_message_ttl_seconds       = var.queue_ttl
    # Never sent by the provider, and read back as the TTL: anything else would show as a change for ever.
    deadline_seconds = var.queue_ttl

    scale_up_policy   = { delay_seconds = 0 }
    scale_down_policy = { delay_seconds = var.scale_down_delay }
    # The least that all official clients take.
    queue_load = { threshold = 1 }
  }

  containers = [
    {
      image        = var.image
      exposed_port = 8188

      healthcheck = {
        enabled = "true"
        port    = "8188"
        path    = "/system_stats"
      }

      entrypoint_overrides = {
        enabled = true
        cmd     = local.command
      }

      volume_mounts = [
        {
          type       = "shared"
          mount_path = var.share_path
          volume_id  = local.share_volume_id
        }
      ]
    }
  ]

  lifecycle {
    # The provider cannot change a deployment in place ("Update Not Supported"), though the plan says it could: whatever
    # differs is made anew. The number of replicas is comfyume's while it runs.
    replace_triggered_by = [terraform_data.shape[each.key]]
    ignore_changes       = [scaling.min_replica_count]
  }

  depends_on = [module.guard]
}

# Everything that a deployment is made of. When it changes, the deployment is replaced.
resource "terraform_data" "shape" {
  for_each = local.deployments

  input = {
    image      = var.image
    command    = local.command
    gpu        = each.value.gpu
    pricing    = each.value.pricing
    most       = each.value.most
    queue_ttl  = var.queue_ttl
    scale_down = var.scale_down_delay
    registry   = var.registry_credentials
    share      = { volume = local.share_volume_id, path = var.share_path }
  }
}

# Deployments that exist are taken over instead of made a second time. Also after a create that answered 500 although
# the deployment was made: put its key here and apply again.
import {
  for_each = var.import_existing
  to       = verda_container.comfyui[each.value]
  id       = "${local.prefix}-${each.value}"
}
