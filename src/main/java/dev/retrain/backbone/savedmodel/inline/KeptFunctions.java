package dev.retrain.backbone.savedmodel.inline;

import dev.retrain.backbone.savedmodel.inline.Scope.Argument;
import dev.retrain.backbone.savedmodel.inline.Scope.Output;
import dev.retrain.backbone.savedmodel.inline.Scope.Source;
import dev.retrain.backbone.savedmodel.inline.Value.Handle;
import dev.retrain.backbone.savedmodel.inline.Value.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpDef.ArgDef;

/**
 * The functions of conditions and loops that remain in a frozen graph. They get copies without
 * calls, in which the variables that they were given are constants.
 */
final class KeptFunctions {
  private final Library library;
  private final Resolution caller;

  KeptFunctions(Library library, Resolution caller) {
    this.library = library;
    this.caller = caller;
  }

  /**
   * A copy of a condition or loop, with copies of its functions.
   *
   * @param depth nesting of calls around the node
   * @param inputs values of its inputs
   * @return the node without its inputs; the variables are no longer among them
   */
  NodeDef freeze(int depth, NodeDef node, List<Value> inputs) {
    if (depth >= Library.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "its functions are nested more than %s deep".formatted(Library.MAX_DEPTH));
    }
    boolean loop = node.getOp().endsWith("While");
    List<Value> arguments = loop ? inputs : inputs.subList(1, inputs.size());
    NodeDef.Builder frozen =
        node.toBuilder().setOp(node.getOp().replaceFirst("^(Stateless)?", "Stateless"));
    for (String attribute : List.of("then_branch", "else_branch", "cond", "body")) {
      if (node.containsAttr(attribute)) {
        String name = node.getAttrOrThrow(attribute).getFunc().getName();
        frozen.putAttr(
            attribute,
            function(copy(depth, library.function(name), arguments, attribute.equals("body"))));
      }
    }
    if (node.containsAttr("branches")) {
      AttrValue.ListValue.Builder branches = AttrValue.ListValue.newBuilder();
      for (NameAttrList branch : node.getAttrOrThrow("branches").getList().getFuncList()) {
        String copy = copy(depth, library.function(branch.getName()), arguments, false);
        branches.addFunc(NameAttrList.newBuilder().setName(copy));
      }
      frozen.putAttr("branches", AttrValue.newBuilder().setList(branches).build());
    }
    String types = loop ? "T" : "Tin";
    frozen.putAttr(types, withoutVariables(node.getAttrOrThrow(types), arguments));
    if (loop && node.getAttrOrThrow("output_shapes").getList().getShapeCount() > 0) {
      frozen.putAttr(
          "output_shapes", withoutVariables(node.getAttrOrThrow("output_shapes"), arguments));
    }
    return frozen.build();
  }

  private static AttrValue function(String name) {
    return AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(name)).build();
  }

  private static AttrValue withoutVariables(AttrValue list, List<Value> arguments) {
    AttrValue.ListValue.Builder kept = AttrValue.ListValue.newBuilder();
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i) instanceof Tensor) {
        if (list.getList().getTypeCount() > 0) {
          kept.addType(list.getList().getType(i));
        } else {
          kept.addShape(list.getList().getShape(i));
        }
      }
    }
    return AttrValue.newBuilder().setList(kept).build();
  }

  /** The name of a copy of a function. */
  private String copy(int depth, FunctionDef function, List<Value> inputs, boolean isBody) {
    List<ArgDef> declared = function.getSignature().getInputArgList();
    OpDef.Builder signature = OpDef.newBuilder();
    List<Source> arguments = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i) instanceof Handle) {
        arguments.add(new Argument(inputs.get(i)));
      } else {
        ArgDef argument = declared.get(i);
        names.add(argument.getName());
        arguments.add(new Argument(new Tensor(argument.getName())));
        signature.addInputArg(
            ArgDef.newBuilder().setName(argument.getName()).setType(argument.getType()));
      }
    }
    Body body = new Body(names);
    Resolution resolver = caller.within(body);
    Scope scope = Scope.call("", depth + 1, function, arguments);
    FunctionDef.Builder copy = FunctionDef.newBuilder();
    for (int i = 0; i < scope.returnedCount(); i++) {
      ArgDef returned = function.getSignature().getOutputArg(i);
      Output output = scope.returned(i, library.outputs());
      Value value = resolver.resolve(output);
      if (isBody && inputs.get(i) instanceof Handle variable) {
        if (!variable.equals(value)) {
          throw new IllegalArgumentException("a loop exchanges its variables");
        }
      } else if (value instanceof Tensor tensor) {
        signature.addOutputArg(
            ArgDef.newBuilder().setName(returned.getName()).setType(returned.getType()));
        copy.putRet(returned.getName(), body.functionInput(tensor.name(), library.outputs()));
      } else {
        throw new IllegalArgumentException("a condition or loop returns a variable");
      }
    }
    String name = library.nextName();
    library.keep(
        copy.setSignature(signature.setName(name))
            .addAllNodeDef(body.functionNodes(library.outputs()))
            .build());
    return name;
  }
}
