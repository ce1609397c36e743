// The bot: one long-lived process (it keeps Discord's gateway connection and serves the web chat), on a small plan of its own. It shares nothing with the
// function app but the log, to which both append, and the queue, to which it only sends.

@description('Prefix of the names.')
param name string

@description('Azure region.')
param location string

@description('Size of its plan. There must be one instance only, or every message is answered twice.')
param planSku string

@description('Name of its identity.')
param identityName string

@description('The Application Insights component.')
param insightsName string

@description('The workspace of all logs.')
param workspaceId string

@description('Where the log is.')
param logContainerUri string

@description('Where the board is.')
param boardContainerUri string

@description('Where checkpoints go.')
param checkpointContainerUri string

@description('Where the keys of people and of checkpoints are.')
param keyContainerUri string

@description('The Service Bus namespace\'s host name.')
param serviceBusNamespace string

@description('The queue of nudges.')
param queueName string

@description('Address of the bot\'s vault.')
param vaultUri string

@description('Name of the secret that is Discord\'s bot token.')
param discordTokenSecretName string

@description('True when the bot speaks on Discord; the rest of that is in its policy file.')
param hasDiscord bool

@description('The application in Microsoft Entra by which people sign in to the web page; empty for no page.')
param entraClientId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-bot-plan'
  location: location
  kind: 'linux'
  sku: { name: planSku }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-bot'
  location: location
  kind: 'app,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    siteConfig: {
      linuxFxVersion: 'DOTNETCORE|10.0'
      appCommandLine: 'dotnet chatops-bot.dll'
      alwaysOn: true
      numberOfWorkers: 1
      webSocketsEnabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        WEBSITE_RUN_FROM_PACKAGE: '1'
        APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
        APPLICATIONINSIGHTS_STATSBEAT_DISABLED: 'true'
        AZURE_CLIENT_ID: identity.properties.clientId
        CHATOPS__Log__ContainerUri: logContainerUri
        CHATOPS__Board__ContainerUri: boardContainerUri
        CHATOPS__Checkpoints__ContainerUri: checkpointContainerUri
        CHATOPS__Keys__ContainerUri: keyContainerUri
        CHATOPS__Queue__Namespace: serviceBusNamespace
        CHATOPS__Queue__Name: queueName
        // Nobody types here, and App Service asks on port 8080 whether the bot lives.
        CHATOPS__Serve: 'true'
        CHATOPS__Alive: 'http://0.0.0.0:8080'
      },
      hasDiscord
        ? { Discord__Token: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${discordTokenSecretName})' }
        : {},
      empty(entraClientId) ? {} : { CHATOPS__Web__Origin: 'https://${app.properties.defaultHostName}' }
    )
  }

  // Whoever opens the page has signed in, or is sent to where one does. The process believes what is said here of who that is, and starts with a page
  // only where this is on.
  resource signIn 'config' = if (!empty(entraClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'RedirectToLoginPage'
        redirectToProvider: 'azureactivedirectory'
      }
      httpSettings: { requireHttps: true }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entraClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
        }
      }
      login: { tokenStore: { enabled: false } }
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
      { category: 'AppServiceConsoleLogs', enabled: true }
      { category: 'AppServicePlatformLogs', enabled: true }
    ]
  }
}

@description('Name of the web app.')
output name string = app.name

@description('Where it answers.')
output hostName string = app.properties.defaultHostName
