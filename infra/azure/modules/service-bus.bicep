// The queue of nudges: a session is a gateway, so one gateway's nudges are worked on one after another, whatever scales out.

import { serviceBusDataReceiver, serviceBusDataSender } from 'roles.bicep'

@description('Name of the namespace, unique in Azure.')
@minLength(6)
@maxLength(50)
param namespaceName string

@description('Azure region.')
param location string

@description('Standard has sessions; Premium also private endpoints, for about seventy times the price.')
@allowed(['Standard', 'Premium'])
param sku string

@description('Name of the bot\'s identity, which sends.')
param botIdentityName string

@description('Name of the function app\'s identity, which receives, and sends for what is unfinished.')
param functionsIdentityName string

@description('The workspace of all logs.')
param workspaceId string

resource bot 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: botIdentityName
}

resource functions 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: functionsIdentityName
}

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  sku: { name: sku, tier: sku }
  properties: {
    minimumTlsVersion: '1.2'
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
  }

  resource nudges 'queues' = {
    name: 'nudges'
    properties: {
      requiresSession: true
      // An apply takes seconds; who takes longer renews its lock.
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      deadLetteringOnMessageExpiration: true
      // A nudge that nobody took in an hour tells nothing any more: Reconcile nudges again what is unfinished. As a dead letter it raises an alert.
      defaultMessageTimeToLive: 'PT1H'
      enableBatchedOperations: true
    }
  }
}

resource botMaySend 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::nudges.id, bot.id, serviceBusDataSender)
  scope: bus::nudges
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataSender)
    principalId: bot.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource functionsMaySend 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::nudges.id, functions.id, serviceBusDataSender)
  scope: bus::nudges
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataSender)
    principalId: functions.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource functionsMayReceive 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::nudges.id, functions.id, serviceBusDataReceiver)
  scope: bus::nudges
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataReceiver)
    principalId: functions.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: bus
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'OperationalLogs', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

@description('The namespace.')
output namespaceId string = bus.id

@description('Its host name.')
output fullyQualifiedNamespace string = '${bus.name}.servicebus.windows.net'

@description('The queue.')
output queueName string = bus::nudges.name
