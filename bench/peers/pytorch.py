"""PyTorch on one CPU thread, as a peer of the benchmark: reads one command a line, {"work": ..., "count": ...}, does the
work that many times and answers {"ms": ...}; {"work": "product", "file": ...} writes H v as f32 and answers {}.
usage: pytorch.py 2-32-32-1 200 FILE, where FILE holds inputs, targets, parameters and direction as f32, one after another,
the parameters layer by layer, W (fan-in x fan-out, row-major) and then b.

step: full-batch gradient descent. hvp: exact Hessian-vector product by double backward, its own gradient included.
hvp-kept: the same with the graph of the gradient kept. lanczos20: sharpness by Lanczos with full reorthogonalisation,
the gradient included."""
import json
import sys
import time

import numpy
import torch

LEARNING_RATE = 1e-3
LANCZOS_STEPS = 20

torch.set_num_threads(1)
sizes = [int(size) for size in sys.argv[1].split("-")]
examples = int(sys.argv[2])
shapes = [shape for ends in zip(sizes, sizes[1:]) for shape in (ends, ends[1:])]
values = torch.from_numpy(numpy.fromfile(sys.argv[3], dtype=numpy.float32))


def take(shape):
    global values
    count = int(numpy.prod(shape))
    taken, values = values[:count], values[count:]
    return taken.reshape(shape).clone()


inputs = take((examples, sizes[0]))
targets = take((examples, sizes[-1]))
fixed = [take(shape).requires_grad_() for shape in shapes]
direction = [take(shape) for shape in shapes]
moving = [p.detach().clone().requires_grad_() for p in fixed]


def loss(parameters):
    a = inputs
    for weights, bias in zip(parameters[0:-2:2], parameters[1:-2:2]):
        a = torch.tanh(torch.addmm(bias, a, weights))
    a = torch.addmm(parameters[-1], a, parameters[-2])
    return 0.5 * (a - targets).square().sum() / examples


def step():
    gradient = torch.autograd.grad(loss(moving), moving)
    with torch.no_grad():
        torch._foreach_add_(moving, gradient, alpha=-LEARNING_RATE)


def gradient_graph():
    return torch.autograd.grad(loss(fixed), fixed, create_graph=True)


def flatten(tensors):
    return torch.cat([t.reshape(-1) for t in tensors])


def unflatten(flat):
    pieces = flat.split([p.numel() for p in fixed])
    return [piece.view_as(p) for piece, p in zip(pieces, fixed)]


def product(v):
    return torch.autograd.grad(gradient_graph(), fixed, v)


def product_kept(gradient, v):
    return torch.autograd.grad(gradient, fixed, v, retain_graph=True)


def lanczos():
    gradient = gradient_graph()
    basis = torch.empty(LANCZOS_STEPS, sum(p.numel() for p in fixed))
    q = flatten(direction)
    q = q / q.norm()
    alpha, beta = torch.empty(LANCZOS_STEPS), torch.empty(LANCZOS_STEPS)
    for j in range(LANCZOS_STEPS):
        basis[j] = q
        w = flatten(product_kept(gradient, unflatten(q)))
        alpha[j] = w @ q
        known = basis[: j + 1]
        for _ in range(2):
            w -= known.T @ (known @ w)
        beta[j] = w.norm()
        q = w / beta[j]
    tridiagonal = torch.diag(alpha) + torch.diag(beta[:-1], 1) + torch.diag(beta[:-1], -1)
    return torch.linalg.eigvalsh(tridiagonal)[-1].item()


def do(work, count):
    gradient = gradient_graph() if work == "hvp-kept" else None
    repeat = {
        "step": step,
        "hvp": lambda: product(direction),
        "hvp-kept": lambda: product_kept(gradient, direction),
        "lanczos20": lanczos,
    }[work]
    begun = time.perf_counter()
    for _ in range(count):
        repeat()
    return 1e3 * (time.perf_counter() - begun)


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    if command["work"] == "product":
        flatten(product(direction)).numpy().tofile(command["file"])
        print(json.dumps({}), flush=True)
    else:
        print(json.dumps({"ms": do(command["work"], command["count"])}), flush=True)
