terraform {
  # Checks that look at more than one variable need 1.9 (OpenTofu and Terraform alike).
  required_version = ">= 1.9"

  required_providers {
    verda = {
      source  = "verda-cloud/verda"
      version = "1.1.4"
    }
  }

  # One state per environment: tofu.sh selects the workspace of the same name. For a team put the state elsewhere, for
  # example in an S3-like store, by a file backend.tf with: terraform { backend "s3" {} }
}

# VERDA_CLIENT_ID and VERDA_CLIENT_SECRET come from the environment; they are in no file and no state.
provider "verda" {}
