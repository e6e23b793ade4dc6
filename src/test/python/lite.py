"""TensorFlow Lite."""

import tensorflow as tf


def probabilities(directory, images):
    """Those of a SavedModel, converted with built-in operations only."""
    converter = tf.lite.TFLiteConverter.from_saved_model(directory, signature_keys=["images"])
    run = tf.lite.Interpreter(model_content=converter.convert()).get_signature_runner("images")
    return run(images=images)["probabilities"]
