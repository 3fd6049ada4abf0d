"""Who redraws a frame: one adapter per request contract, and `sketch`, which draws by itself."""
