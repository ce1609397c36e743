variable "grid" {
  description = "Which grid: main, test, qa or dev."
  type        = string
  default     = "main"

  validation {
    condition     = contains(["main", "test", "qa", "dev"], var.grid)
    error_message = "The grid is main, test, qa or dev."
  }
}

variable "gateway_name" {
  description = "The gateway's name, in ChatOps and on the grid."
  type        = string
  default     = "gw1"

  # ChatOps allows hyphens but no underscores, the grid underscores but no hyphens: what both take is left.
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,31}$", var.gateway_name))
    error_message = "A gateway's name is a small letter, then small letters and digits, 32 at most."
  }
}

variable "gateway_node" {
  description = "The node that carries the gateway: one with a public IPv4 address to rent, and with IPv6 unless public_ipv6 is false."
  type        = number

  validation {
    condition     = var.gateway_node >= 1 && floor(var.gateway_node) == var.gateway_node
    error_message = "A node is a whole number from 1, as the node finder of the dashboard shows it."
  }
}

variable "size" {
  description = "The gateway's size: small for light traffic, medium for moderate, large for heavy."
  type        = string
  default     = "small"

  validation {
    condition     = contains(["small", "medium", "large"], var.size)
    error_message = "The size is small (1 vCPU, 2 GB, 25 GB), medium (2, 4, 50) or large (4, 8, 100)."
  }
}

variable "public_ipv6" {
  description = "Whether the gateway gets a public IPv6 address besides its IPv4 address."
  type        = bool
  default     = true
}

variable "ssh_key" {
  description = "Your own public SSH key: the one line of an .pub file. It lets you in to run first-boot; it is not the key of ChatOps."
  type        = string

  validation {
    condition     = can(regex("^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp[0-9]+|sk-[a-z0-9@.-]+) [A-Za-z0-9+/=]+( [^\n]*)?\n?$", var.ssh_key))
    error_message = "This is not one public SSH key. Give the line of a .pub file, such as ~/.ssh/id_ed25519.pub, never the private key."
  }
}

variable "network_name" {
  description = "The name of the private network on the grid."
  type        = string
  default     = "chatops"

  validation {
    condition     = can(regex("^[A-Za-z0-9_]{1,50}$", var.network_name))
    error_message = "A network's name is 1 to 50 letters, digits and underscores."
  }
}

variable "ip_range" {
  description = "The private IPv4 network of the VMs, a /16; the grid gives each node a /24 of it."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.ip_range, 0)) && can(regex("^(10\\.[0-9]+|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\.0\\.0/16$", var.ip_range))
    error_message = "The grid takes a /16 of private addresses that ends in .0.0, such as 10.20.0.0/16."
  }

  # The gateway's own wg0 is 10.1.0.1/16: the same network twice on one machine leads nowhere.
  validation {
    condition     = var.ip_range != "10.1.0.0/16"
    error_message = "10.1.0.0/16 is the WireGuard network of the gateway itself. Take another one, such as 10.20.0.0/16."
  }
}

variable "vms" {
  description = "The VMs behind the gateway: a name, the node that carries it, and a size as above."
  type = list(object({
    name = string
    node = number
    size = optional(string, "small")
  }))
  default = []

  validation {
    condition     = alltrue([for vm in var.vms : can(regex("^[a-z][a-z0-9]{0,31}$", vm.name))])
    error_message = "A VM's name is a small letter, then small letters and digits, 32 at most."
  }

  validation {
    condition     = length(distinct([for vm in var.vms : vm.name])) == length(var.vms)
    error_message = "Two VMs have the same name."
  }

  validation {
    condition     = alltrue([for vm in var.vms : vm.node >= 1 && floor(vm.node) == vm.node])
    error_message = "A VM's node is a whole number from 1."
  }

  validation {
    condition     = alltrue([for vm in var.vms : contains(["small", "medium", "large"], vm.size)])
    error_message = "A VM's size is small, medium or large."
  }
}

# A flist with a kernel in /boot starts as a VM of its own with systemd, which first-boot needs. The official Debian 12 flist has
# none: it runs zinit in a container and cannot become a gateway.
variable "flist" {
  description = "The image of all VMs: Ubuntu or Debian with its own kernel, systemd and cloud-init."
  type        = string
  default     = "https://hub.grid.tf/tf-official-vms/ubuntu-24.04-full.flist"

  validation {
    condition     = can(regex("^https://[^ ]+\\.flist$", var.flist))
    error_message = "A flist is an https address that ends in .flist."
  }
}

variable "host_key" {
  description = "The fingerprint of the gateway's SSH host key, which first-boot prints. Leave it out for the first apply."
  type        = string
  default     = null

  validation {
    condition     = var.host_key == null || can(regex("^SHA256:[A-Za-z0-9+/]{43}$", var.host_key))
    error_message = "A host key's fingerprint is SHA256: and 43 characters, as first-boot or ssh-keygen -lf prints it."
  }
}
