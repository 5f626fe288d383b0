// What somebody has to look at: a message that was given up, and a ledger that does not add up.
param token string
param location string
param tags object
param insightsId string
param email string

var alerts = [
  {
    name: 'poison'
    description: 'A queue message was given up. GET /api/v1/admin/poison lists it; mend the cause, then retry it.'
    severity: 2
    query: 'customMetrics | where name == "billing_poison_messages" | summarize total = toint(sum(valueSum))'
  }
  {
    name: 'audit'
    description: 'An audit found an account that is not what its ledger says. GET /api/v1/admin/workspaces/{id}/audit shows the differences.'
    severity: 1
    query: 'traces | where severityLevel >= 3 and message has "the audit failed" | summarize total = toint(sum(itemCount))'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-billing-${token}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'billing'
    emailReceivers: empty(email) ? [] : [{ name: 'operator', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in alerts: {
  name: 'alert-billing-${alert.name}-${token}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Billing: ${alert.name}'
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      allOf: [
        {
          query: alert.query
          metricMeasureColumn: 'total'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    autoMitigate: false
    actions: { actionGroups: [people.id] }
  }
}]
