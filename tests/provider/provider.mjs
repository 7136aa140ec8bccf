// The OpenID Connect provider that the tests sign in through: oidc-provider on a free port of loopback, with people who
// exist when they are named. It prints its address and ends with its standard input.
//
//   /interaction/…?login=NAME&amr=otp   what a person would type there
//   /test?next=WHAT                     spoils the next ID token: payload, nonce, expired, audience, none, stranger
//   /test?next=rotated                  signs the next one with a new key, published from then on
import http from "node:http";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const ALGORITHM = "RS256";

async function key(kid) {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true });
  const about = { kid, alg: ALGORITHM, use: "sig" };
  return {
    kid,
    sign: pair.privateKey,
    secret: { ...(await exportJWK(pair.privateKey)), ...about },
    open: { ...(await exportJWK(pair.publicKey)), ...about },
  };
}

const [first, second, stranger] = [await key("first"), await key("second"), await key("stranger")];
const server = http.createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
let next = ""; // what happens to the next ID token
let rotated = false;

// `palsu` claims the mail address of somebody else, unverified; `tiruan` has chosen it as a name.
function person(sub) {
  const name = sub.replace(/^id-/, "");
  const isFalse = name === "palsu" || name === "tiruan";
  return {
    accountId: sub,
    claims: () => ({
      sub,
      preferred_username: name === "tiruan" ? "siti@kota.example" : name,
      email: isFalse ? "siti@kota.example" : `${name}@kota.example`,
      email_verified: !isFalse,
    }),
  };
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "siaga",
      client_secret: "rahasia-penguji",
      redirect_uris: [process.env.SIAGA_TEST_REDIRECT ?? "http://127.0.0.1:8080/sign-in/oidc/callback"],
    },
  ],
  jwks: { keys: [first.secret] },
  cookies: { keys: ["tests-only"] },
  claims: {
    openid: ["sub", "amr"],
    profile: ["preferred_username"],
    email: ["email", "email_verified"],
  },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  findAccount: (_, sub) => person(sub),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

const part = (text) => JSON.parse(Buffer.from(text, "base64url").toString());
const text = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

async function spoiled(token, how) {
  const [header, payload, signature] = token.split(".");
  const claims = part(payload);
  const signed = (claims, by) =>
    new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid: by.kid, typ: "JWT" }).sign(by.sign);
  switch (how) {
    case "payload":
      return [header, text({ ...claims, sub: "id-walikota" }), signature].join(".");
    case "none":
      return [text({ alg: "none" }), payload, ""].join(".");
    case "nonce":
      return signed({ ...claims, nonce: "another" }, first);
    case "expired":
      return signed({ ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 }, first);
    case "audience":
      return signed({ ...claims, aud: "another-program" }, first);
    case "stranger":
      return signed(claims, stranger);
    case "rotated":
      rotated = true;
      return signed(claims, second);
    default:
      return token;
  }
}

provider.use(async (ctx, done) => {
  await done();
  if (ctx.path === "/token" && ctx.body?.id_token && next) {
    ctx.body = { ...ctx.body, id_token: await spoiled(ctx.body.id_token, next) };
    next = "";
  }
  if (ctx.path === "/jwks" && rotated) {
    ctx.body = { keys: [first.open, second.open] };
  }
});

const answer = provider.callback();
server.on("request", async (request, response) => {
  const url = new URL(request.url, issuer);
  try {
    if (url.pathname === "/test") {
      next = url.searchParams.get("next") ?? "";
      response.end("ok");
    } else if (url.pathname.startsWith("/interaction/")) {
      const amr = url.searchParams.get("amr");
      const login = { accountId: `id-${url.searchParams.get("login")}`, amr: amr ? ["pwd", amr] : ["pwd"] };
      await provider.interactionFinished(request, response, { login });
    } else {
      answer(request, response);
    }
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
});

console.log(issuer);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
