variable "environment" {
  type        = string
  description = "Which installation this is. Names, volumes and state of the two are apart."
  validation {
    condition     = contains(["prod", "testing"], var.environment)
    error_message = "environment is \"prod\" or \"testing\"."
  }
}

variable "confirm_production" {
  type        = string
  default     = ""
  description = "What a person typed who means production; tofu.sh asks for it. Never put it into a file."
}

variable "image" {
  type        = string
  description = "The image of plain ComfyUI, with a version or a digest, so that all replicas are the same today and in a month."
  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image)) || (can(regex("^[^@]+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image)) && !can(regex(":[0-9]+/[^:]*$", var.image)))
    error_message = "image needs a version (name:v1.2.3) or a digest (name@sha256:...)."
  }
  validation {
    condition     = !endswith(var.image, ":latest")
    error_message = "image cannot be \"latest\": the platform refuses it, and nobody could say what ran."
  }
}

variable "registry_credentials" {
  type        = string
  default     = null
  description = "Name of the credentials at the platform for an image that is not public; null = it is public."
}

variable "share_volume_id" {
  type        = string
  default     = null
  description = "Id of a shared volume that is there already; null = one is made."
}

variable "share_gb" {
  type        = number
  default     = 1000
  description = "Size of the shared volume that is made, in GB: models, inputs, and outputs until they are cleared."
  validation {
    condition     = var.share_gb >= 100 && floor(var.share_gb) == var.share_gb
    error_message = "share_gb is a whole number, 100 or more."
  }
}

variable "location" {
  type        = string
  default     = "FIN-01"
  description = "Where the shared volume is. The machine that mounts it has to be there too."
  validation {
    condition     = can(regex("^[A-Z]{3}-[0-9]{2}$", var.location))
    error_message = "location looks like FIN-01."
  }
}

variable "share_path" {
  type        = string
  default     = "/mnt/sfs"
  description = "Where replicas have the shared volume."
  validation {
    condition     = can(regex("^(/[A-Za-z0-9._-]+)+$", var.share_path))
    error_message = "share_path is an absolute path without a slash at its end."
  }
}

variable "gpus" {
  type        = map(object({ compute = string, size = optional(number, 1) }))
  default     = { h200 = { compute = "H200" }, b300 = { compute = "B300" } }
  description = "Kinds of GPU; each becomes two deployments, spot and on-demand. compute is the platform's name for it."
  validation {
    condition     = length(var.gpus) > 0 && alltrue([for name, gpu in var.gpus : can(regex("^[a-z][a-z0-9]*$", name)) && gpu.size >= 1])
    error_message = "gpus: names are small letters and digits, sizes 1 or more."
  }
}

variable "most_replicas" {
  type        = object({ spot = number, on_demand = number })
  default     = { spot = 4, on_demand = 2 }
  description = "How many replicas each deployment may grow to: what a class can cost at most, and the capacity comfyume uses."
  validation {
    condition     = alltrue([for count in values(var.most_replicas) : count >= 1 && count <= 50 && floor(count) == count])
    error_message = "most_replicas are whole numbers from 1 to 50."
  }
}

variable "job_timeout" {
  type        = number
  default     = 1800
  description = "The longest job in seconds, as set in comfyume under Settings."
  validation {
    condition     = var.job_timeout >= 60 && floor(var.job_timeout) == var.job_timeout
    error_message = "job_timeout is a whole number of seconds, 60 or more."
  }
}

variable "queue_ttl" {
  type        = number
  default     = 7200
  description = "For how long the platform keeps a request, waiting and rendering together."
  validation {
    condition     = var.queue_ttl > var.job_timeout
    error_message = "queue_ttl has to be longer than job_timeout, or the platform drops a job that still renders."
  }
}

variable "scale_down_delay" {
  type        = number
  default     = 2400
  description = "For how long a replica that looks idle is kept. One that renders looks idle as soon as it has answered."
  validation {
    condition     = var.scale_down_delay > var.job_timeout
    error_message = "scale_down_delay has to be longer than job_timeout, or a replica can be taken away in mid-render."
  }
}

variable "key_variable" {
  type        = string
  default     = "VERDA_INFERENCE_KEY"
  description = "Name of the variable on comfyume's machine that has the inference key."
  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_]*$", var.key_variable))
    error_message = "key_variable is the name of an environment variable."
  }
}

variable "import_existing" {
  type        = set(string)
  default     = []
  description = "Deployments that are there already and are to be taken over, by their keys, such as \"h200-spot\"."
  validation {
    condition     = alltrue([for key in var.import_existing : can(regex("^[a-z][a-z0-9]*-(spot|on-demand)$", key))])
    error_message = "import_existing: keys such as \"h200-spot\" or \"b300-on-demand\"."
  }
}
