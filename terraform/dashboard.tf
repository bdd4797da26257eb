# One page: what is asked for, how it goes, what it costs in documents, and what waits.

locals {
  charts = [
    {
      title  = "Calls, by function"
      filter = "${local.runs} AND metric.type = \"run.googleapis.com/request_count\""
      align  = "ALIGN_RATE"
      reduce = "REDUCE_SUM"
      by     = local.is_service
    },
    {
      title  = "Failures (5xx), by function"
      filter = "${local.runs} AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"5xx\""
      align  = "ALIGN_RATE"
      reduce = "REDUCE_SUM"
      by     = local.is_service
    },
    {
      title  = "95th percentile of the time to answer, in ms"
      filter = "${local.runs} AND metric.type = \"run.googleapis.com/request_latencies\""
      align  = "ALIGN_PERCENTILE_95"
      reduce = "REDUCE_MAX"
      by     = local.is_service
    },
    {
      title  = "Instances, by function"
      filter = "${local.runs} AND metric.type = \"run.googleapis.com/container/instance_count\""
      align  = "ALIGN_MAX"
      reduce = "REDUCE_SUM"
      by     = local.is_service
    },
    {
      title  = "Documents read"
      filter = "resource.type = \"firestore.googleapis.com/Database\" AND metric.type = \"firestore.googleapis.com/document/read_ops_count\""
      align  = "ALIGN_RATE"
      reduce = "REDUCE_SUM"
      by     = "metric.labels.type"
    },
    {
      title  = "Documents written"
      filter = "resource.type = \"firestore.googleapis.com/Database\" AND metric.type = \"firestore.googleapis.com/document/write_ops_count\""
      align  = "ALIGN_RATE"
      reduce = "REDUCE_SUM"
      by     = "metric.labels.op"
    },
    {
      title  = "Messages that wait, by subscription"
      filter = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      align  = "ALIGN_MAX"
      reduce = "REDUCE_MAX"
      by     = "resource.labels.subscription_id"
    },
    {
      title  = "Bytes of backups"
      filter = "resource.type = \"firestore.googleapis.com/Database\" AND metric.type = \"firestore.googleapis.com/storage/backups_storage_bytes\""
      align  = "ALIGN_MAX"
      reduce = "REDUCE_MAX"
      by     = "resource.labels.database_id"
    },
  ]
}

resource "google_monitoring_dashboard" "this" {
  dashboard_json = jsonencode({
    displayName = "Nightvault"
    gridLayout = {
      columns = "2"
      widgets = [for chart in local.charts : {
        title = chart.title
        xyChart = {
          dataSets = [{
            plotType = "LINE"
            timeSeriesQuery = {
              timeSeriesFilter = {
                filter = chart.filter
                aggregation = {
                  alignmentPeriod    = "300s"
                  perSeriesAligner   = chart.align
                  crossSeriesReducer = chart.reduce
                  groupByFields      = [chart.by]
                }
              }
            }
          }]
        }
      }]
    }
  })

  depends_on = [google_project_service.this]
}
