//! Notices: that a recipient is to be told of an alert, and when.

use sqlx::{Any, Row, Transaction};

use super::outbox::Message;
use super::row::{self, AlertRow};
use crate::epi::Vintage;
use crate::store::bulk::{Cell, Kind, Lane, Target};
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// That a recipient is to be told of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id: of alert, channel and recipient.
    pub id: String,
    /// The alert.
    pub alert_id: String,
    /// What it belongs to.
    pub episode: String,
    /// The channel.
    pub channel: String,
    /// The recipient.
    pub recipient: String,
    /// When.
    pub due_at: Vintage,
    /// Why it waits: `group`, `quiet`; empty if it does not.
    pub wait: String,
}

/// A notice that is due, with its alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueNotice {
    /// The notice.
    pub notice: Notice,
    /// The alert.
    pub alert: AlertRow,
}

/// A notice and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeState {
    /// The notice.
    pub notice: Notice,
    /// `waiting`, `sent` (put into a message) or `overtaken` (over before it was due).
    pub state: String,
    /// The message; empty while there is none.
    pub message_id: String,
}

const NOTICE: Target<'_> = Target {
    into: "alert_notice (id, alert_id, episode, channel, recipient, due_at, wait, state, message_id)",
    kinds: &[
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Whole,
        Kind::Text,
        Kind::Text,
        Kind::Text,
    ],
    on_conflict: "on conflict do nothing",
};

impl Store {
    pub(super) async fn add_notices(
        &self,
        transaction: &mut Transaction<'_, Any>,
        notices: &[Notice],
    ) -> Result<(), StoreError> {
        let mut rows: Vec<[Cell<'_>; 9]> = Vec::with_capacity(notices.len());
        for n in notices {
            rows.push([
                (&n.id).into(),
                (&n.alert_id).into(),
                (&n.episode).into(),
                (&n.channel).into(),
                (&n.recipient).into(),
                n.due_at.millis().into(),
                (&n.wait).into(),
                "waiting".into(),
                "".into(),
            ]);
        }
        NOTICE.insert(Lane::Any(transaction, self.dialect), &mut rows.iter()).await?;
        Ok(())
    }

    /// Notices that are due, with their alerts, in the order of what they tell.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notices_due(&self, now: Vintage) -> Result<Vec<DueNotice>, StoreError> {
        let rows = sqlx::query(
            "select a.*, n.id as notice_id, n.channel, n.recipient, n.due_at, n.wait from alert_notice n \
             join alert a on a.id = n.alert_id where n.state = 'waiting' and n.due_at <= $1 \
             order by n.channel, n.recipient, a.created_at, a.rule, a.kind, a.event, a.id",
        )
        .bind(now.millis())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Every notice of an alert with what became of it, in the order in which they are due.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notices_of(&self, episode: &str) -> Result<Vec<NoticeState>, StoreError> {
        let rows = sqlx::query(
            "select * from alert_notice where episode = $1 order by due_at, channel, recipient, id",
        )
        .bind(episode)
        .fetch_all(&self.pool)
        .await?;
        let state = |row: &sqlx::any::AnyRow| {
            let notice = Notice {
                id: row.try_get("id")?,
                alert_id: row.try_get("alert_id")?,
                episode: row.try_get("episode")?,
                channel: row.try_get("channel")?,
                recipient: row.try_get("recipient")?,
                due_at: from_moment(row.try_get("due_at")?)?,
                wait: row.try_get("wait")?,
            };
            Ok(NoticeState { notice, state: row.try_get("state")?, message_id: row.try_get("message_id")? })
        };
        rows.iter().map(state).collect()
    }

    /// Puts a recipient's due notices into a message; where another program did so first, nothing is changed.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is changed then.
    pub async fn release(&self, notices: &[String], message: &Message) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        for id in notices {
            let changed = sqlx::query(
                "update alert_notice set state = 'sent', message_id = $2 where id = $1 and state = 'waiting'",
            )
            .bind(id)
            .bind(&message.id)
            .execute(&mut *transaction)
            .await?;
            if changed.rows_affected() == 0 {
                return Ok(false);
            }
        }
        self.add_messages(&mut transaction, std::slice::from_ref(message)).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<DueNotice, StoreError> {
    let alert = row::read(row)?;
    let notice = Notice {
        id: row.try_get("notice_id")?,
        alert_id: alert.id.clone(),
        episode: alert.episode.clone(),
        channel: row.try_get("channel")?,
        recipient: row.try_get("recipient")?,
        due_at: from_moment(row.try_get("due_at")?)?,
        wait: row.try_get("wait")?,
    };
    Ok(DueNotice { notice, alert })
}
