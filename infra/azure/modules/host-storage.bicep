// The Functions host's own account: the locks of its timers and its keys. The log is elsewhere, because the host wants to own its account.

import { storageBlobDataOwner } from 'roles.bicep'

@description('Name of the storage account: 3 to 24 letters and digits.')
@minLength(3)
@maxLength(24)
param accountName string

@description('Azure region.')
param location string

@description('Name of the function app\'s identity.')
param functionsIdentityName string

resource functions 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: functionsIdentityName
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: accountName
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    publicNetworkAccess: 'Enabled'
  }
}

resource hostMayOwn 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, functions.id, storageBlobDataOwner)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataOwner)
    principalId: functions.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

@description('The account.')
output accountName string = account.name
