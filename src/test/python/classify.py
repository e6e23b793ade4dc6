"""Classifies images with a frozen graph, the way TensorFlow's label_image.py does.

usage: classify.py GRAPH INPUT OUTPUT HEIGHT WIDTH MEAN STD IMAGE...
prints a JSON list of probabilities for each image
"""

import json
import sys

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def main():
    graph_file, input_name, output_name = sys.argv[1:4]
    height, width = map(int, sys.argv[4:6])
    mean, std = map(float, sys.argv[6:8])
    graph_def = tf.GraphDef()
    with open(graph_file, "rb") as f:
        graph_def.ParseFromString(f.read())
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="import")
        input_operation = graph.get_operation_by_name("import/" + input_name)
        output_operation = graph.get_operation_by_name("import/" + output_name)
        file_name = tf.placeholder(tf.string)
        image = tf.image.decode_image(tf.read_file(file_name), channels=3, expand_animations=False)
        image.set_shape([None, None, 3])
        batch = tf.expand_dims(tf.cast(image, tf.float32), 0)
        resized = tf.image.resize_bilinear(batch, [height, width])
        normalized = tf.divide(tf.subtract(resized, [mean]), [std])
        with tf.Session() as session:
            rows = []
            for image in sys.argv[8:]:
                fed = session.run(normalized, {file_name: image})
                out = session.run(output_operation.outputs[0], {input_operation.outputs[0]: fed})
                rows.append([float(p) for p in out[0]])
    print(json.dumps(rows))


main()
