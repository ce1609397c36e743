locals {
  # The provider gives public addresses with the length of their prefix.
  gateway_ipv4      = split("/", grid_deployment.gateway.vms[0].computedip)[0]
  gateway_ipv6      = split("/", grid_deployment.gateway.vms[0].computedip6)[0]
  gateway_addresses = join(",", compact([local.gateway_ipv4, local.gateway_ipv6]))
  key_clause        = var.host_key == null ? "" : " key ${var.host_key}"
  vm_addresses      = { for name, made in grid_deployment.vm : name => join(",", compact([made.vms[0].ip, made.vms[0].mycelium_ip])) }
}

output "gateway_ipv4" {
  description = "Where to run first-boot: ssh root@ this address."
  value       = local.gateway_ipv4
}

output "gateway_add" {
  description = "The line to type in the chat. Terraform cannot know the host key; with host_key set the line has it, as the one that first-boot prints."
  value       = "gateway add ${var.gateway_name} ${local.gateway_addresses}${local.key_clause}"
}

output "vm_add" {
  description = "Lines to type in the chat, one a VM: its private address and its Mycelium address."
  value       = join("\n", [for name, addresses in local.vm_addresses : "vm add ${name} ${addresses} at ${var.gateway_name}"])
}

output "gateway_mycelium_ip" {
  description = "The gateway's own overlay address, should its public one not answer."
  value       = grid_deployment.gateway.vms[0].mycelium_ip
}

output "access_wg_config" {
  description = "A WireGuard configuration for your own machine, with its private key. Ask for it by name: terraform output -raw access_wg_config"
  value       = grid_network.private.access_wg_config
  sensitive   = true
}
