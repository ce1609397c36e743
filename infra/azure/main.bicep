// The cloud edition in one resource group. README.md takes a reader from nothing to a running one.

targetScope = 'resourceGroup'

@description('Prefix of all names: 3 to 11 lower-case letters and digits.')
@minLength(3)
@maxLength(11)
param name string

@description('Azure region.')
param location string = resourceGroup().location

@description('Object id of the person or group that puts the secrets in; empty for nobody.')
param keeperObjectId string = ''

@description('Where mail about alerts goes; empty for nobody.')
param alertEmail string = ''

@description('Days for which nobody can delete the log, counted from the last append to each segment. Ten years.')
@minValue(1)
@maxValue(146000)
param logRetentionDays int = 3650

@description('How many copies of the log there are. Standard_RAGZRS has one in another region.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS', 'Standard_GRS', 'Standard_RAGRS'])
param logStorageSku string = 'Standard_RAGZRS'

@description('Standard, or Premium for private endpoints.')
@allowed(['Standard', 'Premium'])
param serviceBusSku string = 'Standard'

@description('Size of the function app\'s plan.')
param functionsPlanSku string = 'B1'

@description('Size of the bot\'s plan.')
param botPlanSku string = 'B1'

@description('A subnet delegated to Microsoft.Web/serverFarms through which gateways are reached, so that they see one address; empty for App Service\'s shared addresses.')
param gatewaySubnetId string = ''

@description('True when the bot speaks on Discord.')
param hasDiscord bool = true

@description('Days that telemetry and diagnostics are kept.')
@minValue(30)
@maxValue(730)
param telemetryRetentionDays int = 30

@description('Gigabytes of telemetry a day after which no more is taken in.')
param telemetryDailyQuotaGb int = 1

var suffix = take(uniqueString(resourceGroup().id), 6)
var insightsName = '${name}-insights'
var sshKeySecretName = 'gateway-ssh-key'
var discordTokenSecretName = 'discord-token'

resource botIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-bot'
  location: location
}

resource functionsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-functions'
  location: location
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    name: name
    location: location
    retentionDays: telemetryRetentionDays
    dailyQuotaGb: telemetryDailyQuotaGb
    insightsName: insightsName
    botIdentityName: botIdentity.name
    functionsIdentityName: functionsIdentity.name
  }
}

module logStorage 'modules/log-storage.bicep' = {
  params: {
    accountName: '${name}log${suffix}'
    name: name
    location: location
    sku: logStorageSku
    retentionDays: logRetentionDays
    botIdentityName: botIdentity.name
    functionsIdentityName: functionsIdentity.name
    workspaceId: monitoring.outputs.workspaceId
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  params: {
    accountName: '${name}host${suffix}'
    location: location
    functionsIdentityName: functionsIdentity.name
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  params: {
    namespaceName: '${name}-bus-${suffix}'
    location: location
    sku: serviceBusSku
    botIdentityName: botIdentity.name
    functionsIdentityName: functionsIdentity.name
    workspaceId: monitoring.outputs.workspaceId
  }
}

module sshVault 'modules/vault.bicep' = {
  params: {
    vaultName: '${name}-ssh-${suffix}'
    location: location
    readerIdentityName: functionsIdentity.name
    keeperObjectId: keeperObjectId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module botVault 'modules/vault.bicep' = {
  params: {
    vaultName: '${name}-bot-${suffix}'
    location: location
    readerIdentityName: botIdentity.name
    keeperObjectId: keeperObjectId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module functions 'modules/functions.bicep' = {
  params: {
    name: name
    location: location
    planSku: functionsPlanSku
    identityName: functionsIdentity.name
    hostStorageName: hostStorage.outputs.accountName
    insightsName: insightsName
    workspaceId: monitoring.outputs.workspaceId
    logContainerUri: logStorage.outputs.logContainerUri
    leaseContainerUri: logStorage.outputs.leaseContainerUri
    boardContainerUri: logStorage.outputs.boardContainerUri
    serviceBusNamespace: serviceBus.outputs.fullyQualifiedNamespace
    queueName: serviceBus.outputs.queueName
    vaultUri: sshVault.outputs.uri
    sshKeySecretName: sshKeySecretName
    subnetId: gatewaySubnetId
  }
}

module bot 'modules/bot.bicep' = {
  params: {
    name: name
    location: location
    planSku: botPlanSku
    identityName: botIdentity.name
    insightsName: insightsName
    workspaceId: monitoring.outputs.workspaceId
    logContainerUri: logStorage.outputs.logContainerUri
    boardContainerUri: logStorage.outputs.boardContainerUri
    checkpointContainerUri: logStorage.outputs.checkpointContainerUri
    keyContainerUri: logStorage.outputs.keyContainerUri
    serviceBusNamespace: serviceBus.outputs.fullyQualifiedNamespace
    queueName: serviceBus.outputs.queueName
    vaultUri: botVault.outputs.uri
    discordTokenSecretName: discordTokenSecretName
    hasDiscord: hasDiscord
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    name: name
    location: location
    email: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: serviceBus.outputs.namespaceId
    queueName: serviceBus.outputs.queueName
  }
}

@description('The vault that the SSH key goes into, as gateway-ssh-key.')
output sshVaultName string = sshVault.outputs.name

@description('The vault that Discord\'s token goes into, as discord-token.')
output botVaultName string = botVault.outputs.name

@description('The function app to publish to.')
output functionAppName string = functions.outputs.name

@description('The web app to publish the bot to.')
output botAppName string = bot.outputs.name

@description('Where Discord sends interactions.')
output interactionsUrl string = 'https://${bot.outputs.hostName}/interactions'

@description('The storage account of the log.')
output logAccountId string = logStorage.outputs.accountId
