// A vault that one process reads and one person fills. There are two: what the function app needs (the SSH key) and what the bot needs (Discord's
// token) have nothing to do with each other, and neither process may see into the other's.

import { keyVaultSecretsOfficer, keyVaultSecretsUser } from 'roles.bicep'

@description('Name of the vault: 3 to 24 letters, digits and hyphens, unique in Azure.')
@minLength(3)
@maxLength(24)
param vaultName string

@description('Azure region.')
param location string

@description('Name of the identity that reads the secrets.')
param readerIdentityName string

@description('Object id of the person or group that puts the secrets in; empty for nobody.')
param keeperObjectId string

@description('The workspace that hears who read which secret.')
param workspaceId string

resource reader 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: readerIdentityName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: vaultName
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' }
  }
}

resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, reader.id, keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: reader.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource mayKeep 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(keeperObjectId)) {
  name: guid(vault.id, keeperObjectId, keyVaultSecretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsOfficer)
    principalId: keeperObjectId
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'AuditEvent', enabled: true }
    ]
  }
}

@description('The vault.')
output name string = vault.name

@description('Its address.')
output uri string = vault.properties.vaultUri
