// The keys that callers send and the one that signs, readable by the app's identity and by nobody else unless a role says so.
param name string
param location string
param tags object
param softDeleteDays int
param purgeProtection bool
param principalId string

@secure()
param serviceKey string

@secure()
param operatorKey string

@secure()
param signingKey string

@secure()
param otherSigningKey string

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: softDeleteDays
    // The service knows true and unset, but not false.
    enablePurgeProtection: purgeProtection ? true : null
  }
}

resource service 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'service-key'
  properties: { value: serviceKey }
}

resource operator 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'operator-key'
  properties: { value: operatorKey }
}

resource signing 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'signing-key'
  properties: { value: signingKey }
}

resource otherSigning 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(otherSigningKey)) {
  parent: vault
  name: 'other-signing-key'
  properties: { value: otherSigningKey }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, principalId, secretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

output vaultName string = vault.name
