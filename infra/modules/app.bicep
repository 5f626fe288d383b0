// The Functions app on Flex Consumption.
param token string
param location string
param tags object
param maximumInstances int
param alwaysReadyHttp int
param instanceMemoryMB int
param identityId string
param identityClientId string
param storageName string
param moreShards array
param packageContainerUrl string
param vaultName string
param hasOtherSigningKey bool
param insightsConnection string
param catalogs string
param publicUrl string
param trustedProxies string
param clientAddressHeader string
param collector string

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-billing-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-billing-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstances
        instanceMemoryMB: instanceMemoryMB
        alwaysReady: alwaysReadyHttp > 0 ? [{ name: 'http', instanceCount: alwaysReadyHttp }] : []
        // Requests of one workspace that meet in one process ride in one transaction: better many here than few on many instances.
        triggers: { http: { perInstanceConcurrency: 100 } }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
    }
  }
}

// A further shard as the code and the triggers of its queues read it; the first is AzureWebJobsStorage.
var shardAccounts = toObject(range(0, length(moreShards)), index => 'Billing__Shards__${index + 1}__accountName', index => moreShards[index])
var shardCredentials = toObject(range(0, length(moreShards)), index => 'Billing__Shards__${index + 1}__credential', index => 'managedidentity')
var shardClients = toObject(range(0, length(moreShards)), index => 'Billing__Shards__${index + 1}__clientId', index => identityClientId)

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(shardAccounts, shardCredentials, shardClients, {
    // The host and the code read these; no key of the account exists.
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    // The root is a page of ours, not the host's.
    AzureWebJobsDisableHomepage: 'true'
    // What DefaultAzureCredential reads: this identity, and no search for others on a cold start.
    AZURE_CLIENT_ID: identityClientId
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    Billing__ServiceKeys__0: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=service-key)'
    Billing__OperatorKeys__0: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=operator-key)'
    Billing__SigningKeys__0: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=signing-key)'
    // The one beside it verifies and does not sign: the next before its time, the former after it.
    Billing__SigningKeys__1: hasOtherSigningKey ? '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=other-signing-key)' : ''
    Billing__Catalogs: catalogs
    Billing__PublicUrl: publicUrl
    Billing__TrustedProxies: trustedProxies
    Billing__ClientAddressHeader: clientAddressHeader
    // Where none is named, the first shard is AzureWebJobsStorage; new workspaces are spread evenly.
    Billing__Shards__0: ''
    Billing__ShardWeights__0: ''
    Billing__DirectoryShard: ''
    Billing__TablePrefix: ''
    Billing__QueuePrefix: ''
    OTEL_EXPORTER_OTLP_ENDPOINT: collector
  })
}

// Deployment by identity only: no user names and passwords.
resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

output name string = app.name
output address string = 'https://${app.properties.defaultHostName}'
