// The event log: append blobs in a container whose policy lets nobody change or delete what is written, and beside it a container for the leases by
// which one process at a time applies to a gateway, one for the board, on which the function app writes what it last heard of the gateways, one for
// checkpoints, which are written once, and one for the keys that names are sealed and checkpoints signed under.
//
// The keys are apart from the log because they must be destroyed for good when somebody asks to be forgotten: no versions and no soft delete of blobs here.
//
// The policy is one of the container, not of blob versions: only there is "allow protected append writes" to be had. It starts unlocked. README.md says
// when to lock it; from then on not even the subscription's owner can take it back.

import { storageBlobDataContributor, storageBlobDataReader } from 'roles.bicep'

@description('Name of the storage account: 3 to 24 letters and digits.')
@minLength(3)
@maxLength(24)
param accountName string

@description('Prefix of the names.')
param name string

@description('Azure region.')
param location string

@description('ZRS keeps three copies in three zones of the region; RAGZRS also one in another region that can be read there.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS', 'Standard_GRS', 'Standard_RAGRS'])
param sku string

@description('Days for which a segment of the log cannot be deleted, counted from its last append.')
@minValue(1)
@maxValue(146000)
param retentionDays int

@description('Name of the bot\'s identity, which appends and reads, reads the board, puts checkpoints, and keeps the keys.')
param botIdentityName string

@description('Name of the function app\'s identity, which appends and reads, takes leases and writes the board.')
param functionsIdentityName string

@description('The workspace that hears of every write and delete.')
param workspaceId string

resource bot 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: botIdentityName
}

resource functions 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: functionsIdentityName
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: accountName
  location: location
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    // Both processes come from App Service's shared addresses. With a network of one's own: Disabled, and a private endpoint.
    publicNetworkAccess: 'Enabled'
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      containerDeleteRetentionPolicy: { enabled: true, days: 90 }
      deleteRetentionPolicy: { enabled: false }
      isVersioningEnabled: false
    }

    resource log 'containers' = {
      name: 'log'
      properties: { publicAccess: 'None' }

      resource policy 'immutabilityPolicies' = {
        name: 'default'
        properties: {
          immutabilityPeriodSinceCreationInDays: retentionDays
          allowProtectedAppendWrites: true
        }
      }
    }

    resource checkpoints 'containers' = {
      name: 'checkpoints'
      properties: { publicAccess: 'None' }

      resource policy 'immutabilityPolicies' = {
        name: 'default'
        properties: {
          immutabilityPeriodSinceCreationInDays: retentionDays
          allowProtectedAppendWrites: false
        }
      }
    }

    resource keys 'containers' = {
      name: 'keys'
      properties: { publicAccess: 'None' }
    }

    resource leases 'containers' = {
      name: 'leases'
      properties: { publicAccess: 'None' }
    }

    resource board 'containers' = {
      name: 'board'
      properties: { publicAccess: 'None' }
    }
  }
}

// Blob Data Contributor would be too much for the log: it overwrites and deletes. Creating a blob and appending to one need "add" alone.
resource appender 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, name, 'log appender')
  properties: {
    roleName: '${name} log appender (${uniqueString(resourceGroup().id)})'
    description: 'Reads blobs, makes new ones and appends to them; changes and deletes nothing.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
        ]
      }
    ]
  }
}

resource botMayAppend 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::log.id, bot.id, appender.id)
  scope: account::blobs::log
  properties: {
    roleDefinitionId: appender.id
    principalId: bot.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource botMayPutCheckpoints 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::checkpoints.id, bot.id, appender.id)
  scope: account::blobs::checkpoints
  properties: {
    roleDefinitionId: appender.id
    principalId: bot.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource botMayKeepKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::keys.id, bot.id, storageBlobDataContributor)
  scope: account::blobs::keys
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
    principalId: bot.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource functionsMayAppend 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::log.id, functions.id, appender.id)
  scope: account::blobs::log
  properties: {
    roleDefinitionId: appender.id
    principalId: functions.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource functionsMayLease 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::leases.id, functions.id, storageBlobDataContributor)
  scope: account::blobs::leases
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
    principalId: functions.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource functionsMayWriteTheBoard 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::board.id, functions.id, storageBlobDataContributor)
  scope: account::blobs::board
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
    principalId: functions.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource botMayReadTheBoard 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::board.id, bot.id, storageBlobDataReader)
  scope: account::blobs::board
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataReader)
    principalId: bot.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
    metrics: [
      { category: 'Transaction', enabled: true }
    ]
  }
}

@description('The storage account.')
output accountId string = account.id

@description('Where the log is.')
output logContainerUri string = '${account.properties.primaryEndpoints.blob}log'

@description('Where the board is.')
output boardContainerUri string = '${account.properties.primaryEndpoints.blob}board'

@description('Where the checkpoints are.')
output checkpointContainerUri string = '${account.properties.primaryEndpoints.blob}checkpoints'

@description('Where the keys are.')
output keyContainerUri string = '${account.properties.primaryEndpoints.blob}keys'

@description('Where the leases are.')
output leaseContainerUri string = '${account.properties.primaryEndpoints.blob}leases'
