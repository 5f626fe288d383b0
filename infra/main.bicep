// Everything that a deployment needs, in a resource group of its own. `azd up` runs it; see azure.yaml and main.bicepparam.
targetScope = 'subscription'

@description('Names the deployment, and with it the resource group.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Where it runs: a region that has Flex Consumption.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Most instances that run at once.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('Instances that wait for HTTP requests all the time, so that the first request of the morning meets no cold start.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttp int

@description('Memory of one instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('How often storage keeps each byte: LRS in one data centre, ZRS in three.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param storageSku string

@description('Storage accounts that workspaces are spread over. More may be added, none may ever be taken away.')
@minValue(1)
@maxValue(32)
param shardCount int

@description('Days for which deleted blobs, containers and secrets can be brought back.')
@minValue(7)
@maxValue(90)
param softDeleteDays int

@description('True when not even an owner may destroy deleted secrets before their time. It cannot be undone.')
param purgeProtection bool

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int

@description('Gigabytes of logs a day, after which none are taken until the next.')
param logDailyGigabytes int

@description('Who is told of poison messages and failed audits; nobody when empty.')
param alertEmail string

@description('Folder of catalog files, from the app\'s, that takes the place of the shipped ones; empty for those.')
param catalogs string

@description('Where customers reach this app, for links in answers: https://billing.example.org. Empty: whatever a request was sent to.')
param publicUrl string

@description('Addresses and networks of proxies before the app whose word on the client\'s address is taken, separated by commas; empty for none.')
param trustedProxies string

@description('Header in which they say it; empty for X-Forwarded-For.')
param clientAddressHeader string

@description('Address of an OpenTelemetry collector that metrics, traces and logs are sent to as well; empty for none.')
param collector string

@description('What the seller\'s generation service sends.')
@secure()
@minLength(32)
param serviceKey string

@description('What the seller\'s operators send.')
@secure()
@minLength(32)
param operatorKey string

@description('Signs sessions and quotes.')
@secure()
@minLength(32)
param signingKey string

@description('Verifies beside the one that signs, while the key is changed; empty for none.')
@secure()
param otherSigningKey string

var tags = { 'azd-env-name': environmentName }
var token = toLower(uniqueString(subscription().id, environmentName, location))

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-billing-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    logDays: logDays
    logDailyGigabytes: logDailyGigabytes
    principalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'stbilling${token}'
    location: location
    tags: tags
    sku: storageSku
    softDeleteDays: softDeleteDays
    principalId: identity.outputs.principalId
  }
}

// The first shard is the account above, which the Functions host has as well.
module shards 'modules/storage.bicep' = [for shard in range(1, shardCount - 1): {
  name: 'storage-${shard}'
  scope: group
  params: {
    name: 'stbilling${token}${shard}'
    location: location
    tags: tags
    sku: storageSku
    softDeleteDays: softDeleteDays
    principalId: identity.outputs.principalId
  }
}]

module secrets 'modules/secrets.bicep' = {
  name: 'secrets'
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    softDeleteDays: softDeleteDays
    purgeProtection: purgeProtection
    principalId: identity.outputs.principalId
    serviceKey: serviceKey
    operatorKey: operatorKey
    signingKey: signingKey
    otherSigningKey: otherSigningKey
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    maximumInstances: maximumInstances
    alwaysReadyHttp: alwaysReadyHttp
    instanceMemoryMB: instanceMemoryMB
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    moreShards: [for shard in range(1, shardCount - 1): shards[shard - 1].outputs.name]
    packageContainerUrl: storage.outputs.packageContainerUrl
    vaultName: secrets.outputs.vaultName
    hasOtherSigningKey: !empty(otherSigningKey)
    insightsConnection: monitoring.outputs.connectionString
    catalogs: catalogs
    publicUrl: publicUrl
    trustedProxies: trustedProxies
    clientAddressHeader: clientAddressHeader
    collector: collector
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    email: alertEmail
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.outputs.name
output BILLING_ADDRESS string = app.outputs.address
