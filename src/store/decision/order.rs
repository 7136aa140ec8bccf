//! Orders that a person adds: kept by name among the store's own values, together with the line of the audit log.

use crate::audit::Entry;
use crate::store::{Store, StoreError};

impl Store {
    /// Keeps an order under a name, in place of what it was, with its line in the audit log: both or neither.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is kept and nothing is told of then.
    pub async fn keep_order(&self, name: &str, order: &str, entry: &Entry) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        sqlx::query(
            "insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = $2",
        )
        .bind(name)
        .bind(order)
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await
    }
}
