# The database, its backups, and what the store declares of its queries and fields (shared/store/indexes.ts).

resource "google_firestore_database" "this" {
  name                              = var.firestore.database
  location_id                       = var.firestore.location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.firestore.delete_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"

  # With the protection on, destroy stops here and says so. The provider's default would leave the database behind unsaid.
  deletion_policy = "DELETE"

  dynamic "cmek_config" {
    for_each = local.kms_keys
    content {
      kms_key_name = cmek_config.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.this.name
  retention = "${var.firestore.daily_backup_days * 86400}s"

  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  database  = google_firestore_database.this.name
  retention = "${var.firestore.weekly_backup_days * 86400}s"

  weekly_recurrence {
    day = "SUNDAY"
  }
}

locals {
  composite_indexes = {
    for index in local.manifest.firestore.compositeIndexes :
    "${index.collectionGroup}/${join("/", index.fields)}${try(index.descending, false) ? "/descending" : ""}" => {
      collection = index.collectionGroup
      fields     = index.fields
      last       = try(index.descending, false) ? "DESCENDING" : "ASCENDING"
    }
  }

  # Of single fields, what is not as Firestore has it by itself. One resource sets all there is to one field.
  field_settings = concat(
    [for each in local.manifest.firestore.groupIndexes : { collection = each.collectionGroup, field = each.field, what = "everywhere" }],
    [for each in local.manifest.firestore.unindexed : { collection = each.collectionGroup, field = each.field, what = "unindexed" }],
    [for each in local.manifest.firestore.expiring : { collection = each, field = "expiresAt", what = "expires" }],
  )
  fields = { for each in local.field_settings : "${each.collection}/${each.field}" => each }
}

# A changed index is dropped before the new one is built. To change one, add the new, apply, then remove the old.
resource "google_firestore_index" "this" {
  for_each = local.composite_indexes

  database    = google_firestore_database.this.name
  collection  = each.value.collection
  query_scope = "COLLECTION"

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = fields.value
      order      = fields.key == length(each.value.fields) - 1 ? each.value.last : "ASCENDING"
    }
  }
}

resource "google_firestore_field" "this" {
  for_each = local.fields

  database   = google_firestore_database.this.name
  collection = each.value.collection
  field      = each.value.field

  # Firestore deletes the document some time after this moment.
  dynamic "ttl_config" {
    for_each = each.value.what == "expires" ? [true] : []
    content {}
  }

  # An empty list of indexes turns off those that Firestore makes by itself. On a timestamp that only grows they are a
  # hot spot, on large or opaque fields they cost money; no query asks for either.
  index_config {
    dynamic "indexes" {
      for_each = each.value.what != "everywhere" ? [] : [
        { order = "ASCENDING", scope = "COLLECTION" },
        { order = "DESCENDING", scope = "COLLECTION" },
        { order = "ASCENDING", scope = "COLLECTION_GROUP" },
        { order = "DESCENDING", scope = "COLLECTION_GROUP" },
      ]
      content {
        order       = indexes.value.order
        query_scope = indexes.value.scope
      }
    }
  }
}
