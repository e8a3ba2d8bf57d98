# Without a provider of its own, so that it can be tried anywhere. A check of a variable and not only of a resource: it
# holds for "destroy" too, where resources' own checks are not looked at.

variable "environment" {
  type        = string
  description = "What is asked for."
}

variable "workspace" {
  type        = string
  description = "Whose state this is."
  validation {
    condition     = var.workspace == var.environment
    error_message = "This is the state of another environment: the workspace and the environment have to be the same. Use infrastructure/tofu.sh."
  }
}

variable "confirm_production" {
  type        = string
  description = "What a person typed."
  validation {
    condition     = var.environment != "prod" || var.confirm_production == "apply to production"
    error_message = "This is production, and nobody has asked for it in so many words. Use infrastructure/tofu.sh, which asks."
  }
}

resource "terraform_data" "guard" {
  input = var.environment

  lifecycle {
    precondition {
      condition     = var.workspace == var.environment && (var.environment != "prod" || var.confirm_production == "apply to production")
      error_message = "Refused: see infrastructure/tofu.sh."
    }
  }
}

output "environment" {
  value       = terraform_data.guard.output
  description = "The environment, once it is clear that it is meant."
}
