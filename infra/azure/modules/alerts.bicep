// What wakes somebody up. docs/operations.md says what each means and what to do; the chat tells of gateways by itself (Reconcile's alerts).

@description('Prefix of the names.')
param name string

@description('Azure region.')
param location string

@description('Where mail goes; empty for nobody, and alerts are then seen in the portal only.')
param email string

@description('The workspace of all logs.')
param workspaceId string

@description('The Service Bus namespace.')
param serviceBusId string

@description('The queue of nudges.')
param queueName string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-people'
  location: 'global'
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: empty(email)
      ? []
      : [
          { name: 'mail', emailAddress: email, useCommonAlertSchema: true }
        ]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-dead-letters'
  location: 'global'
  properties: {
    description: 'A nudge could not be worked on, or nobody took it for an hour. See docs/operations.md, "dead-letters".'
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead letters'
          metricName: 'DeadletteredMessages'
          dimensions: [
            { name: 'EntityName', operator: 'Include', values: [queueName] }
          ]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [
      { actionGroupId: people.id }
    ]
  }
}

// Each query answers with the rows that are wrong; one row is enough.
var queries = [
  {
    name: 'failed-applies'
    severity: 2
    window: 'PT5M'
    description: 'A change was accepted and could not be applied; the old configuration runs.'
    query: 'AppMetrics | where Name == "chatops.changes" and tostring(Properties["chatops.change.state"]) == "failed"'
  }
  {
    name: 'queue-age'
    severity: 2
    window: 'PT10M'
    description: 'A change waited more than a minute between its acceptance and the beginning of its apply.'
    query: 'AppMetrics | where Name == "chatops.queue.age" and Max > 60'
  }
  {
    name: 'log-append-errors'
    severity: 1
    window: 'PT5M'
    description: 'The event log could not be appended to; nothing can be proposed, approved or finished meanwhile.'
    query: 'AppMetrics | where Name == "chatops.log.append.duration" and isnotempty(tostring(Properties["error.type"]))'
  }
  {
    name: 'function-failures'
    severity: 2
    window: 'PT15M'
    description: 'Invocations of a function have failed three times or more.'
    query: 'AppRequests | where Success == false | summarize Failures = count() by Name | where Failures >= 3'
  }
  {
    name: 'nobody-looks'
    severity: 1
    window: 'PT10M'
    description: 'Reconcile has not run for ten minutes: nothing is nudged again, closed in time, or watched.'
    query: 'AppMetrics | where Name == "chatops.reconcile.duration" | summarize Looks = count() | where Looks == 0'
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in queries: {
    name: '${name}-${rule.name}'
    location: location
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${rule.name}'
      description: '${rule.description} See docs/operations.md, "${rule.name}".'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      // The tables come into being with the first telemetry.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [people.id] }
    }
  }
]
