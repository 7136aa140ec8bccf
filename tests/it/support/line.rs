//! A line to a server that can be cut: what is under way stays where it is, as when a cable is pulled, until it is put back.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A line from a port of its own to a server.
pub struct Line {
    /// `HOST:PORT` of this end.
    pub near: String,
    whole: watch::Sender<bool>,
}

impl Line {
    /// To `HOST:PORT`; whole.
    pub async fn to(far: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let near = listener.local_addr().unwrap().to_string();
        let (whole, is_whole) = watch::channel(true);
        let far = far.to_owned();
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                tokio::spawn(joined(caller, far.clone(), is_whole.clone()));
            }
        });
        Self { near, whole }
    }

    /// Pulled, or put back.
    pub fn is(&self, whole: bool) {
        self.whole.send_replace(whole);
    }
}

async fn joined(caller: TcpStream, far: String, mut is_whole: watch::Receiver<bool>) {
    if is_whole.wait_for(|whole| *whole).await.is_err() {
        return;
    }
    let Ok(server) = TcpStream::connect(far).await else { return };
    let ((from_caller, to_caller), (from_server, to_server)) = (caller.into_split(), server.into_split());
    // Whoever hangs up first ends both ways.
    tokio::select! {
        () = carried(from_caller, to_server, is_whole.clone()) => {}
        () = carried(from_server, to_caller, is_whole) => {}
    }
}

async fn carried(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut is_whole: watch::Receiver<bool>) {
    let mut piece = vec![0; 16_384];
    loop {
        let Ok(length @ 1..) = from.read(&mut piece).await else { return };
        if is_whole.wait_for(|whole| *whole).await.is_err() || to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
