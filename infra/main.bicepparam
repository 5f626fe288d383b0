// azd and `az deployment sub create` both read this. BILLING_STAGE chooses the column: `azd env set BILLING_STAGE prod`.
using './main.bicep'

var stages = {
  dev: {
    maximumInstances: 40
    alwaysReadyHttp: 0
    instanceMemoryMB: 2048
    storageSku: 'Standard_LRS'
    softDeleteDays: 7
    purgeProtection: false
    logDays: 30
    logDailyGigabytes: 1
  }
  prod: {
    maximumInstances: 100
    alwaysReadyHttp: 1
    instanceMemoryMB: 2048
    storageSku: 'Standard_ZRS'
    softDeleteDays: 90
    purgeProtection: true
    logDays: 90
    logDailyGigabytes: 5
  }
}
var stage = stages[readEnvironmentVariable('BILLING_STAGE', 'dev')]

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param maximumInstances = stage.maximumInstances
param alwaysReadyHttp = stage.alwaysReadyHttp
param instanceMemoryMB = stage.instanceMemoryMB
param storageSku = stage.storageSku
param shardCount = int(readEnvironmentVariable('BILLING_SHARD_COUNT', '1'))
param softDeleteDays = stage.softDeleteDays
param purgeProtection = stage.purgeProtection
param logDays = stage.logDays
param logDailyGigabytes = stage.logDailyGigabytes
param alertEmail = readEnvironmentVariable('BILLING_ALERT_EMAIL', '')
param catalogs = readEnvironmentVariable('BILLING_CATALOGS', '')
param publicUrl = readEnvironmentVariable('BILLING_PUBLIC_URL', '')
param trustedProxies = readEnvironmentVariable('BILLING_TRUSTED_PROXIES', '')
param clientAddressHeader = readEnvironmentVariable('BILLING_CLIENT_ADDRESS_HEADER', '')
param collector = readEnvironmentVariable('BILLING_COLLECTOR', '')
param serviceKey = readEnvironmentVariable('BILLING_SERVICE_KEY')
param operatorKey = readEnvironmentVariable('BILLING_OPERATOR_KEY')
param signingKey = readEnvironmentVariable('BILLING_SIGNING_KEY')
param otherSigningKey = readEnvironmentVariable('BILLING_OTHER_SIGNING_KEY', '')
