locals {
  # Storage is the root file system; ChatOps keeps a few revisions and logs there, no data.
  sizes = {
    small  = { vcpus = 1, memory_gb = 2, storage_gb = 25 }
    medium = { vcpus = 2, memory_gb = 4, storage_gb = 50 }
    large  = { vcpus = 4, memory_gb = 8, storage_gb = 100 }
  }

  vms   = { for vm in var.vms : vm.name => vm }
  nodes = distinct(concat([var.gateway_node], [for vm in var.vms : vm.node]))
}

# Kept in the state: with them a VM that is made anew has the same overlay address.
resource "random_bytes" "mycelium_key" {
  for_each = toset([for node in local.nodes : tostring(node)])
  length   = 32
}

resource "random_bytes" "mycelium_seed" {
  for_each = toset(concat([var.gateway_name], keys(local.vms)))
  length   = 6

  lifecycle {
    precondition {
      condition     = !contains(keys(local.vms), var.gateway_name)
      error_message = "A VM has the name of the gateway. Give one of them another name."
    }
  }
}

resource "grid_network" "private" {
  name          = var.network_name
  description   = "Private network behind ${var.gateway_name}"
  nodes         = local.nodes
  ip_range      = var.ip_range
  add_wg_access = true
  mycelium_keys = { for node, key in random_bytes.mycelium_key : node => key.hex }
}

resource "grid_deployment" "gateway" {
  name         = var.gateway_name
  node         = var.gateway_node
  network_name = grid_network.private.name

  vms {
    name             = var.gateway_name
    flist            = var.flist
    cpu              = local.sizes[var.size].vcpus
    memory           = local.sizes[var.size].memory_gb * 1024
    rootfs_size      = local.sizes[var.size].storage_gb * 1024
    publicip         = true
    publicip6        = var.public_ipv6
    mycelium_ip_seed = random_bytes.mycelium_seed[var.gateway_name].hex
    env_vars = {
      SSH_KEY = trimspace(var.ssh_key)
    }
  }
}

# No public addresses: what reaches them comes through the gateway.
resource "grid_deployment" "vm" {
  for_each = local.vms

  name         = each.key
  node         = each.value.node
  network_name = grid_network.private.name

  vms {
    name             = each.key
    flist            = var.flist
    cpu              = local.sizes[each.value.size].vcpus
    memory           = local.sizes[each.value.size].memory_gb * 1024
    rootfs_size      = local.sizes[each.value.size].storage_gb * 1024
    mycelium_ip_seed = random_bytes.mycelium_seed[each.key].hex
    env_vars = {
      SSH_KEY = trimspace(var.ssh_key)
    }
  }
}
