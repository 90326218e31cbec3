//! Rows for any table, made from what the schema says of it.

use std::collections::HashMap;

use db::{Env, WriteTx, sql};
use kernel::Ids;
use uuid::Uuid;

/// A column as SQLite describes it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Column {
    pub table: String,
    pub name: String,
    pub kind: String,
    pub refers_to: Option<String>,
    /// It may not be left out.
    needed: bool,
}

/// The schema, and a transaction to put rows in.
pub struct Rows {
    columns: Vec<Column>,
    tx: Option<WriteTx>,
    ids: Ids,
    made: HashMap<String, Uuid>,
    number: u32,
}

/// A value for a column that must have one.
enum Filling {
    Id(Uuid),
    Int(i64),
    Text(String),
}

impl Rows {
    pub async fn read(env: &Env) -> Self {
        let mut tx = env.db.write().await.unwrap();
        let columns: Vec<Column> = sql!(
            "SELECT m.name AS \"table\", c.name, c.type AS kind, f.\"table\" AS refers_to,
               c.\"notnull\" AND c.dflt_value IS NULL AS needed
             FROM sqlite_master m JOIN pragma_table_info(m.name) c
             LEFT JOIN pragma_foreign_key_list(m.name) f ON f.\"from\" = c.name
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY m.name, c.cid"
        )
        .fetch_all(&mut tx)
        .await
        .unwrap();
        Self { columns, tx: Some(tx), ids: env.ids.clone(), made: HashMap::new(), number: 0 }
    }

    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter()
    }

    pub async fn finish(&mut self) {
        self.tx.take().unwrap().commit().await.unwrap();
    }

    /// Adds a row with what is given, what its table demands, and rows for what it refers to; its id,
    /// where it has one.
    pub async fn add(&mut self, table: &str, given: &[(&str, Uuid)]) -> Uuid {
        let given = given.iter().map(|(name, id)| ((*name).to_owned(), Filling::Id(*id))).collect();
        self.insert(table, given).await
    }

    /// Adds a row that names somebody by a text.
    pub async fn add_text(&mut self, table: &str, column: &str, text: &str) {
        self.insert(table, vec![(column.to_owned(), Filling::Text(text.to_owned()))]).await;
    }

    pub async fn set(&mut self, table: &str, column: &str, text: &str, id: Uuid) {
        let statement = format!("UPDATE {table} SET {column} = $2 WHERE id = $1");
        let query = db::Query::new(Box::leak(statement.into_boxed_str())).bind(id).bind(text);
        query.execute(self.tx.as_mut().unwrap()).await.unwrap();
    }

    async fn insert(&mut self, table: &str, mut filled: Vec<(String, Filling)>) -> Uuid {
        let id: Uuid = self.ids.make();
        let columns: Vec<Column> = self.columns.iter().filter(|column| column.table == table && column.needed).cloned().collect();
        for column in columns {
            if filled.iter().any(|(name, _)| *name == column.name) {
                continue;
            }
            let value = match (&column.refers_to, column.name.as_str(), column.kind.as_str()) {
                (Some(other), ..) => Filling::Id(self.some(other).await),
                (None, "id", _) => Filling::Id(id),
                (None, name, "TEXT") => Filling::Text(self.text(table, name)),
                (None, "expires_at", _) => Filling::Int(i64::MAX / 2),
                (None, _, "INTEGER") => Filling::Int(1),
                _ => Filling::Id(self.ids.make()),
            };
            filled.push((column.name, value));
        }
        // Exactly one of two columns says whose these are.
        let of_somebody = |name: &str| matches!(name, "owner_id" | "person_id" | "organisation_id");
        if matches!(table, "question_folder" | "question_share") && !filled.iter().any(|(name, _)| of_somebody(name)) {
            let place = Box::pin(self.insert("organisation", Vec::new())).await;
            filled.push(("organisation_id".to_owned(), Filling::Id(place)));
        }
        let names: Vec<&str> = filled.iter().map(|(name, _)| name.as_str()).collect();
        let places: Vec<String> = (1..=filled.len()).map(|place| format!("${place}")).collect();
        let text = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
        let mut query = db::Query::new(Box::leak(text.into_boxed_str()));
        for (_, value) in filled {
            query = match value {
                Filling::Id(id) => query.bind(id),
                Filling::Int(number) => query.bind(number),
                Filling::Text(text) => query.bind(text),
            };
        }
        query.execute(self.tx.as_mut().unwrap()).await.unwrap_or_else(|error| panic!("{table}: {error}"));
        id
    }

    /// A row of a table that others refer to: the first made, made when there is none.
    async fn some(&mut self, table: &str) -> Uuid {
        if let Some(id) = self.made.get(table) {
            return *id;
        }
        let id = Box::pin(self.insert(table, Vec::new())).await;
        self.made.insert(table.to_owned(), id);
        id
    }

    /// A text that the code which reads the column understands.
    fn text(&mut self, table: &str, column: &str) -> String {
        self.number += 1;
        match (table, column) {
            ("organisation", "kind") => "school".to_owned(),
            (_, "role") => "teacher".to_owned(),
            (_, "detail" | "draft_meta" | "meta") => "{}".to_owned(),
            (_, "starts_on" | "ends_on") => "2026-08-01".to_owned(),
            _ => format!("text{}", self.number),
        }
    }
}
