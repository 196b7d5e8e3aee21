router.get('/ice-config', verifyAuthEither, async (req, res) => {
  try {
    const AccessToken = await livekitWrapper.getAccessToken();
    const { LIVEKIT_API_KEY, LIVEKIT_API_SECRET } = process.env;
    const identity = String(req.userId);
    const token = new AccessToken(LIVEKIT_API_KEY, LIVEKIT_API_SECRET, { identity, ttl: 60 });
    const answer = await fetch({livekit-url}, {
      headers: { Authorization: `Bearer ${await token.toJwt()}` },
      signal: AbortSignal.timeout(5000),
    });
    if (!answer.ok) throw new Error(`the relay answered ${answer.status}`);
    res.json(await answer.json());
  } catch (error) {
    console.error('ICE config:', error.message);
    res.status(500).json({ error: 'Failed to generate ICE config' });
  }
});
