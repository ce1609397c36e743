terraform {
  # optional() in variables.tf needs 1.3.
  required_version = ">= 1.3"

  required_providers {
    # Written against 1.11.2, which releases 3.16 and 3.17 of the grid name. A pre-release for the test or dev grid ("1.11.2-rc1",
    # "1.11.2-dev1") must be given in full; Terraform does not choose one by itself.
    grid = {
      source  = "threefoldtech/grid"
      version = "~> 1.11.2"
    }
    # random_bytes came with 3.6.
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }
}

# The account's words come from the environment (README.md), so that they are in no file of ours.
provider "grid" {
  network = var.grid
}
