// The function app, an isolated worker on a small plan of its own that is always on: it takes nudges from Service Bus by itself, and the host calls the rest.

@description('Prefix of the names.')
param name string

@description('Azure region.')
param location string

@description('Size of its plan. It runs one instance; B1 has 1 core and 1.75 GB.')
param planSku string

@description('Name of its identity, which may read the SSH key.')
param identityName string

@description('The Functions host\'s own storage account.')
param hostStorageName string

@description('The Application Insights component.')
param insightsName string

@description('The workspace of all logs.')
param workspaceId string

@description('Where the log is.')
param logContainerUri string

@description('Where the leases are.')
param leaseContainerUri string

@description('Where the board is.')
param boardContainerUri string

@description('The Service Bus namespace\'s host name.')
param serviceBusNamespace string

@description('The queue of nudges.')
param queueName string

@description('Address of the vault with the SSH key.')
param vaultUri string

@description('Name of the secret that is the SSH key.')
param sshKeySecretName string

@description('A subnet delegated to Microsoft.Web/serverFarms through which gateways are reached; empty for App Service\'s shared addresses.')
param subnetId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-functions-plan'
  location: location
  kind: 'linux'
  sku: { name: planSku }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-functions'
  location: location
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    vnetRouteAllEnabled: !empty(subnetId)
    siteConfig: {
      alwaysOn: true
      numberOfWorkers: 1
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      linuxFxVersion: 'DOTNET-ISOLATED|10.0'
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      FUNCTIONS_EXTENSION_VERSION: '~4'
      FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'
      // Its trigger is a storage queue's, and here nudges come over Service Bus.
      'AzureWebJobs.Apply.Disabled': 'true'
      WEBSITE_RUN_FROM_PACKAGE: '1'
      AzureWebJobsStorage__accountName: hostStorageName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.properties.clientId
      AzureWebJobsSecretStorageType: 'blob'
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_STATSBEAT_DISABLED: 'true'
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      AZURE_CLIENT_ID: identity.properties.clientId
      CHATOPS__Log__ContainerUri: logContainerUri
      CHATOPS__Leases__ContainerUri: leaseContainerUri
      CHATOPS__Board__ContainerUri: boardContainerUri
      CHATOPS__Queue__Namespace: serviceBusNamespace
      CHATOPS__Queue__Name: queueName
      CHATOPS__Ssh__Key: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${sshKeySecretName})'
    }
  }

  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'FunctionAppLogs', enabled: true }
    ]
  }
}

@description('Name of the function app.')
output name string = app.name

@description('Its id.')
output id string = app.id
